"""The steps of a ticket over HTTP: assign, reply, message, note, resolve, reopen and close."""

from flask import Blueprint, Response

from services.service_desk import commands
from services.service_desk.api.roles import TALKERS, WORKERS
from services.service_desk.api.schemas import (
    AddCustomerMessage,
    AddTicketNote,
    AssignTicket,
    ReopenTicket,
    ReplyToTicket,
    ResolveTicket,
)
from services.service_desk.api.tickets import changed_answer, ticket_answer
from services.service_desk.repositories import tickets
from shared import http
from shared.auth import principal, requires

blueprint = Blueprint("steps", __name__)


@blueprint.post("/v1/tickets/<ticket_id>/assign")
@requires(WORKERS)
@http.idempotent(tickets.COLLECTION, ticket_answer)
def assign_ticket(ticket_id: str) -> Response:
    fields = http.json_body(AssignTicket())
    return changed_answer(commands.assign_ticket(ticket_id, fields["assignee"], expected=http.if_match()))


@blueprint.post("/v1/tickets/<ticket_id>/reply")
@requires(TALKERS)
@http.idempotent(tickets.COLLECTION, ticket_answer)
def reply_to_ticket(ticket_id: str) -> Response:
    fields = http.json_body(ReplyToTicket())
    return changed_answer(commands.reply_to_ticket(ticket_id, expected=http.if_match(), by=principal().id, **fields))


@blueprint.post("/v1/tickets/<ticket_id>/messages")
@requires(TALKERS)
@http.idempotent(tickets.COLLECTION, ticket_answer)
def add_customer_message(ticket_id: str) -> Response:
    fields = http.json_body(AddCustomerMessage())
    return changed_answer(commands.receive_message(ticket_id, expected=http.if_match(), by=principal().id, **fields))


@blueprint.post("/v1/tickets/<ticket_id>/note")
@requires(WORKERS)
@http.idempotent(tickets.COLLECTION, ticket_answer)
def add_ticket_note(ticket_id: str) -> Response:
    fields = http.json_body(AddTicketNote())
    return changed_answer(commands.note_ticket(ticket_id, fields["text"], expected=http.if_match(), by=principal().id))


@blueprint.post("/v1/tickets/<ticket_id>/resolve")
@requires(WORKERS)
@http.idempotent(tickets.COLLECTION, ticket_answer)
def resolve_ticket(ticket_id: str) -> Response:
    fields = http.json_body(ResolveTicket())
    return changed_answer(
        commands.resolve_ticket(ticket_id, fields["resolution"], expected=http.if_match(), by=principal().id)
    )


@blueprint.post("/v1/tickets/<ticket_id>/reopen")
@requires(WORKERS)
@http.idempotent(tickets.COLLECTION, ticket_answer)
def reopen_ticket(ticket_id: str) -> Response:
    fields = http.json_body(ReopenTicket())
    return changed_answer(
        commands.reopen_ticket(ticket_id, fields["reason"], expected=http.if_match(), by=principal().id)
    )


@blueprint.post("/v1/tickets/<ticket_id>/close")
@requires(WORKERS)
@http.idempotent(tickets.COLLECTION, ticket_answer)
def close_ticket(ticket_id: str) -> Response:
    return changed_answer(commands.close_ticket(ticket_id, expected=http.if_match()))
