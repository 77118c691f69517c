"""Calls over HTTP: list, read, answer, hang up, wrap up, identify."""

from flask import Blueprint, Response, current_app, request

from services.telephony.api import views
from services.telephony.api.roles import CALL_READERS, CALL_TAKERS, SEE_UNKNOWN_CALLERS
from services.telephony.api.schemas import IdentifyCaller, WrapUp
from services.telephony.commands import calls as commands
from services.telephony.commands import routing
from services.telephony.domain.call import DIRECTIONS, STATUSES, Call
from services.telephony.repositories import calls
from shared import aggregates, http, limits
from shared.auth import Principal, principal, requires
from shared.problems import FieldError, Invalid, NotFound

MAX_ID_LENGTH = 100

blueprint = Blueprint("calls", __name__)


def call_answer(call: Call) -> Response:
    return http.answer(views.one_call(call), version=call.version)


def replayed_answer(document: dict) -> Response:
    return call_answer(aggregates.from_document(Call, document))


@blueprint.get("/v1/calls")
@requires(CALL_READERS)
@limits.query("status", "direction", "customer_id", "agent_id", "missed", *limits.PAGE)
def list_calls() -> Response:
    limit, cursor = http.page_args()
    rows, following = calls.page({"$and": [_visible_to(principal()), _asked_for()]}, limit=limit, cursor=cursor)
    return http.answer({"items": views.call_rows(rows), "next": following})


@blueprint.get("/v1/calls/<call_id>")
@requires(CALL_READERS)
def get_call(call_id: str) -> Response:
    call = calls.find_among(_visible_to(principal()), call_id)
    if call is None:
        raise NotFound("There is no such call that you may see. Look for it in the list.")
    return call_answer(call)


@blueprint.post("/v1/calls/<call_id>/answer")
@requires(CALL_TAKERS)
@http.idempotent(calls.COLLECTION, replayed_answer)
def answer_call(call_id: str) -> Response:
    return call_answer(commands.answer_call(call_id, by=principal(), expected=http.if_match()))


@blueprint.post("/v1/calls/<call_id>/hang-up")
@requires(CALL_TAKERS)
@http.idempotent(calls.COLLECTION, replayed_answer)
def hang_up_call(call_id: str) -> Response:
    return call_answer(commands.hang_up_call(call_id, by=principal(), expected=http.if_match()))


@blueprint.post("/v1/calls/<call_id>/wrap-up")
@requires(CALL_TAKERS)
@http.idempotent(calls.COLLECTION, replayed_answer)
def wrap_up_call(call_id: str) -> Response:
    body = http.json_body(WrapUp())
    call = commands.wrap_up_call(call_id, body["disposition"], body["note"], by=principal(), expected=http.if_match())
    routing.offer_waiting_calls(current_app.extensions["settings"].offer_seconds)
    return call_answer(call)


@blueprint.post("/v1/calls/<call_id>/identify")
@requires(CALL_TAKERS)
@http.idempotent(calls.COLLECTION, replayed_answer)
def identify_call(call_id: str) -> Response:
    body = http.json_body(IdentifyCaller())
    return call_answer(commands.identify_call(call_id, body["customer_id"], by=principal(), expected=http.if_match()))


def _visible_to(caller: Principal) -> dict:
    if caller.scope == "own":
        return {"$or": [{"agent_id": caller.id}, calls.MISSED]}
    return {} if caller.roles & SEE_UNKNOWN_CALLERS else {"customer_id": {"$ne": None}}


def _asked_for() -> dict:
    asked: dict = {}
    if (status := http.choice_arg("status", STATUSES)) is not None:
        asked["status"] = status
    if (direction := http.choice_arg("direction", DIRECTIONS)) is not None:
        asked["direction"] = direction
    for name in ("customer_id", "agent_id"):
        if (id := _id_arg(name)) is not None:
            asked[name] = id
    return {"$and": [asked, calls.MISSED]} if http.choice_arg("missed", ("true",)) else asked


def _id_arg(name: str) -> str | None:
    id = request.args.get(name)
    if id is not None and not 1 <= len(id) <= MAX_ID_LENGTH:
        raise Invalid([FieldError(name, "length", f"Must have 1 to {MAX_ID_LENGTH} characters.")])
    return id
