"""Unverified points and possible duplicates over HTTP: staff decide what others told of a customer."""

from flask import Blueprint, Response

from services.customer import commands
from services.customer.api.customers import answer_with, customer_answer
from services.customer.api.roles import WRITERS
from services.customer.repositories import customers
from shared import http
from shared.auth import principal, requires

blueprint = Blueprint("points", __name__)


@blueprint.post("/v1/customers/<customer_id>/unverified/<point_id>/confirm")
@requires(WRITERS)
@http.idempotent(customers.COLLECTION, customer_answer)
def confirm_point(customer_id: str, point_id: str) -> Response:
    return answer_with(commands.confirm_point(customer_id, point_id, by=principal().id, expected=http.if_match()))


@blueprint.post("/v1/customers/<customer_id>/unverified/<point_id>/refuse")
@requires(WRITERS)
@http.idempotent(customers.COLLECTION, customer_answer)
def refuse_point(customer_id: str, point_id: str) -> Response:
    return answer_with(commands.refuse_point(customer_id, point_id, by=principal().id, expected=http.if_match()))


@blueprint.post("/v1/customers/<customer_id>/possible-duplicates/<other_id>/dismiss")
@requires(WRITERS)
@http.idempotent(customers.COLLECTION, customer_answer)
def dismiss_duplicate(customer_id: str, other_id: str) -> Response:
    return answer_with(commands.dismiss_duplicate(customer_id, other_id, expected=http.if_match()))
