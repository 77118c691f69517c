"""Customers over HTTP: register, list and search, read, change, and look for duplicates."""

from flask import Blueprint, Response, request

from services.customer import commands
from services.customer.api import views
from services.customer.api.roles import IMPORTERS, READERS, WRITERS
from services.customer.api.schemas import ChangeCustomer, CreateCustomer, MatchCustomers
from services.customer.domain import duplicates, search
from services.customer.domain.customer import KINDS, TIERS, Customer
from services.customer.repositories import customers
from shared import aggregates, http, limits
from shared.auth import requires
from shared.problems import FieldError, Invalid

MAX_SEARCH_LENGTH = 200
MAX_ID_LENGTH = 64
MAX_MATCHES = 20
MAX_CANDIDATES = 100

blueprint = Blueprint("customers", __name__)


def customer_answer(document: dict) -> Response:
    return http.answer(views.customer(document), version=document["version"])


def answer_with(customer: Customer) -> Response:
    return customer_answer(aggregates.to_document(customer))


def _created_answer(document: dict) -> Response:
    location = f"/v1/customers/{document['_id']}"
    return http.answer(views.customer(document), 201, version=document["version"], location=location)


@blueprint.get("/v1/customers")
@requires(READERS)
@limits.query("q", "kind", "tier", "possible_duplicate_of", *limits.PAGE)
def list_customers() -> Response:
    limit, cursor = http.page_args()
    page = customers.page(
        query=_query(),
        kind=http.choice_arg("kind", KINDS),
        tier=http.choice_arg("tier", TIERS),
        possible_duplicate_of=_id_arg("possible_duplicate_of"),
        limit=limit,
        cursor=cursor,
    )
    return http.answer({"items": [views.customer(document) for document in page["items"]], "next": page["next"]})


@blueprint.post("/v1/customers")
@requires(WRITERS | IMPORTERS)
@http.idempotent(customers.COLLECTION, _created_answer)
def create_customer() -> Response:
    return _created_answer(aggregates.to_document(commands.register_customer(http.json_body(CreateCustomer()))))


@blueprint.post("/v1/customers/match")
@requires(READERS)
@http.idempotent_by("it only reads")
def match_customers() -> Response:
    sought = http.json_body(MatchCustomers())
    name = search.parse(sought.full_name) if sought.full_name else None
    candidates = customers.find_alike(emails=sought.emails, phones=sought.phones, name=name, limit=MAX_CANDIDATES)
    found = duplicates.rank(sought, candidates, limit=MAX_MATCHES)
    items = [
        {
            "customer": views.customer(aggregates.to_document(match.customer)),
            "score": match.score,
            "reasons": match.reasons,
        }
        for match in found
    ]
    return http.answer({"items": items, "next": None})


@blueprint.get("/v1/customers/<customer_id>")
@requires(READERS)
def get_customer(customer_id: str) -> Response:
    return answer_with(customers.get(customer_id))


@blueprint.patch("/v1/customers/<customer_id>")
@requires(WRITERS)
def change_customer(customer_id: str) -> Response:
    expected = http.require_if_match()
    changes = http.json_body(ChangeCustomer())
    return answer_with(commands.change_customer(customer_id, changes, expected=expected))


def _id_arg(name: str) -> str | None:
    value = request.args.get(name)
    if value is not None and not 1 <= len(value) <= MAX_ID_LENGTH:
        raise Invalid([FieldError(name, "length", f"Must have 1 to {MAX_ID_LENGTH} characters.")])
    return value


def _query() -> search.Query | None:
    text = request.args.get("q")
    if text is None:
        return None
    if not 1 <= len(text) <= MAX_SEARCH_LENGTH:
        raise Invalid([FieldError("q", "length", f"Must have 1 to {MAX_SEARCH_LENGTH} characters.")])
    return search.parse(text)
