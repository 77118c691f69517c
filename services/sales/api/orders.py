"""Orders over HTTP: list, read, place, confirm, ship, complete and cancel."""

from flask import Blueprint, Response

from services.sales.api import filters, views
from services.sales.api.roles import SALES_READERS, SALES_WRITERS
from services.sales.api.schemas import CancelOrder, PlaceOpportunityOrder, PlaceOrder
from services.sales.commands import access
from services.sales.commands import orders as commands
from services.sales.commands.orders import OpportunityOrder
from services.sales.domain.order import STATUSES, Order
from services.sales.repositories import customers, orders, owned
from shared import aggregates, http, limits
from shared.auth import principal, requires

blueprint = Blueprint("orders", __name__)

_PLACE, _PLACE_OPPORTUNITY, _CANCEL = PlaceOrder(), PlaceOpportunityOrder(), CancelOrder()


def order_view(document: dict) -> dict:
    return views.order(document, customers.names([document["customer_id"]]))


def order_answer(document: dict) -> Response:
    return http.answer(order_view(document), version=document["version"])


def created_answer(document: dict) -> Response:
    location = f"/v1/orders/{document['_id']}"
    return http.answer(order_view(document), 201, version=document["version"], location=location)


@blueprint.get("/v1/orders")
@requires(SALES_READERS)
@limits.query("status", "customer_id", "opportunity_id", "owner", "campaign_code", *limits.PAGE)
def list_orders() -> Response:
    limit, cursor = http.page_args()
    criteria = filters.without_none(
        {
            "status": http.choice_arg("status", STATUSES),
            "customer_id": filters.text("customer_id"),
            "opportunity_id": filters.text("opportunity_id"),
            "campaign_code": filters.code("campaign_code"),
        }
    ) | owned.by(filters.text("owner"), principal())
    page = orders.page(criteria, limit=limit, cursor=cursor)
    names = customers.names(document["customer_id"] for document in page["items"])
    return http.answer({"items": [views.order(document, names) for document in page["items"]], "next": page["next"]})


@blueprint.post("/v1/orders")
@requires(SALES_WRITERS)
@http.idempotent(orders.COLLECTION, created_answer, allow=access.check_document)
def place_order() -> Response:
    order = commands.place_order(**http.json_body(_PLACE), caller=principal())
    return created_answer(aggregates.to_document(order))


@blueprint.post("/v1/opportunities/<opportunity_id>/orders")
@requires(SALES_WRITERS)
@http.idempotent(orders.COLLECTION, created_answer, allow=access.check_document)
def place_opportunity_order(opportunity_id: str) -> Response:
    new = OpportunityOrder(**http.json_body(_PLACE_OPPORTUNITY))
    order = commands.place_opportunity_order(opportunity_id, new, caller=principal())
    return created_answer(aggregates.to_document(order))


@blueprint.get("/v1/orders/<order_id>")
@requires(SALES_READERS)
def get_order(order_id: str) -> Response:
    order = orders.get(order_id)
    access.check(order, principal())
    return _answer(order)


@blueprint.post("/v1/orders/<order_id>/confirm")
@requires(SALES_WRITERS)
@http.idempotent(orders.COLLECTION, order_answer, allow=access.check_document)
def confirm_order(order_id: str) -> Response:
    return _answer(commands.confirm_order(order_id, caller=principal(), expected=http.if_match()))


@blueprint.post("/v1/orders/<order_id>/ship")
@requires(SALES_WRITERS)
@http.idempotent(orders.COLLECTION, order_answer, allow=access.check_document)
def ship_order(order_id: str) -> Response:
    return _answer(commands.ship_order(order_id, caller=principal(), expected=http.if_match()))


@blueprint.post("/v1/orders/<order_id>/complete")
@requires(SALES_WRITERS)
@http.idempotent(orders.COLLECTION, order_answer, allow=access.check_document)
def complete_order(order_id: str) -> Response:
    return _answer(commands.complete_order(order_id, caller=principal(), expected=http.if_match()))


@blueprint.post("/v1/orders/<order_id>/cancel")
@requires(SALES_WRITERS)
@http.idempotent(orders.COLLECTION, order_answer, allow=access.check_document)
def cancel_order(order_id: str) -> Response:
    reason = http.json_body(_CANCEL)["reason"]
    return _answer(commands.cancel_order(order_id, reason, caller=principal(), expected=http.if_match()))


def _answer(order: Order) -> Response:
    return order_answer(aggregates.to_document(order))
