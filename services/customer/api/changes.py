"""GET what was changed of a customer, by whom and why."""

from flask import Blueprint, Response

from services.customer.api import views
from services.customer.api.roles import READERS
from services.customer.repositories import changes, customers
from shared import http, limits
from shared.auth import requires

blueprint = Blueprint("changes", __name__)


@blueprint.get("/v1/customers/<customer_id>/changes")
@requires(READERS)
@limits.query(*limits.PAGE)
def list_customer_changes(customer_id: str) -> Response:
    limit, cursor = http.page_args()
    customers.get(customer_id)
    page = changes.page(customer_id, limit=limit, cursor=cursor)
    return http.answer({"items": [views.change(document) for document in page["items"]], "next": page["next"]})
