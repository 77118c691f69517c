"""Tickets over HTTP: open, list, read and change."""

from flask import Blueprint, Response, request

from services.service_desk import commands
from services.service_desk.api import views
from services.service_desk.api.roles import OPENERS, READERS, WORKERS
from services.service_desk.api.schemas import ChangeTicket, OpenTicket
from services.service_desk.domain.sla import PRIORITIES
from services.service_desk.domain.ticket import STATUSES, TYPES, Ticket
from services.service_desk.repositories import customers, tickets
from shared import aggregates, clock, http, limits
from shared.auth import principal, requires
from shared.problems import FieldError, Invalid

blueprint = Blueprint("tickets", __name__)


def ticket_answer(document: dict) -> Response:
    return http.answer(_view(document), version=document["version"])


def opened_answer(document: dict) -> Response:
    return http.answer(_view(document), 201, version=document["version"], location=f"/v1/tickets/{document['_id']}")


def changed_answer(ticket: Ticket) -> Response:
    return ticket_answer(aggregates.to_document(ticket))


@blueprint.get("/v1/tickets")
@requires(READERS)
@limits.query("status", "assignee", "priority", "type", "overdue", "customer_id", "q", *limits.PAGE)
def list_tickets() -> Response:
    limit, cursor = http.page_args()
    return _page(tickets.page(_criteria(), limit=limit, cursor=cursor))


@blueprint.post("/v1/tickets")
@requires(OPENERS)
@http.idempotent(tickets.COLLECTION, opened_answer)
def open_ticket() -> Response:
    fields = http.json_body(OpenTicket())
    occurred_at = fields.pop("occurred_at")
    ticket = commands.create_ticket(fields, by=principal().id, occurred_at=occurred_at)
    return opened_answer(aggregates.to_document(ticket))


@blueprint.get("/v1/tickets/overdue")
@requires(READERS)
@limits.query("assignee", *limits.PAGE)
def list_overdue_tickets() -> Response:
    limit, cursor = http.page_args()
    return _page(tickets.page_of_overdue(clock.now(), _of_assignee(), limit=limit, cursor=cursor))


@blueprint.get("/v1/tickets/<ticket_id>")
@requires(READERS)
def get_ticket(ticket_id: str) -> Response:
    return changed_answer(tickets.get(ticket_id))


@blueprint.patch("/v1/tickets/<ticket_id>")
@requires(WORKERS)
def change_ticket(ticket_id: str) -> Response:
    expected = http.require_if_match()
    return changed_answer(commands.change_ticket(ticket_id, http.json_body(ChangeTicket()), expected=expected))


def _view(document: dict) -> dict:
    known = customers.find_all([document["customer_id"]]) if document["customer_id"] else {}
    return views.ticket(document, known, now=clock.now())


def _page(page: dict) -> Response:
    now = clock.now()
    known = customers.find_all({row["customer_id"] for row in page["items"] if row["customer_id"]})
    rows = [views.ticket_row(row, known, now=now) for row in page["items"]]
    return http.answer({"items": rows, "next": page["next"]})


def _criteria() -> dict:
    chosen = {
        "status": http.choice_arg("status", STATUSES),
        "priority": http.choice_arg("priority", PRIORITIES),
        "type": http.choice_arg("type", TYPES),
        "customer_id": _text_arg("customer_id", longest=64),
    }
    parts = [{name: value} for name, value in chosen.items() if value is not None]
    parts.append(_of_assignee())
    if (overdue := http.choice_arg("overdue", ("true", "false"))) is not None:
        parts.append(tickets.overdue(clock.now()) if overdue == "true" else tickets.in_time(clock.now()))
    if (text := _text_arg("q", longest=100)) is not None:
        parts.append(tickets.matching(text))
    return {"$and": parts}


def _of_assignee() -> dict:
    assignee = _text_arg("assignee", longest=100)
    if assignee is None:
        return {}
    return {"assignee": {"me": principal().id, "none": None}.get(assignee, assignee)}


def _text_arg(name: str, *, longest: int) -> str | None:
    text = request.args.get(name)
    if text is not None and not 1 <= len(text) <= longest:
        raise Invalid([FieldError(name, "length", f"Must have 1 to {longest} characters.")])
    return text
