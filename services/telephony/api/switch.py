"""The switch adapter's side: one signed endpoint that takes events and answers what to do next."""

import hmac
import re
import time

from flask import Blueprint, Response, current_app, request

from services.telephony.api import views
from services.telephony.api.schemas import SwitchEvent
from services.telephony.commands import calls as commands
from services.telephony.domain import switch
from services.telephony.domain.call import Call, Told
from services.telephony.domain.signature import HEADER, sign
from services.telephony.repositories import calls
from shared import aggregates, clock, http
from shared.auth import Principal, authenticated_by
from shared.problems import Unauthorized

TOLERANCE_SECONDS = 300
SIGNATURE = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})", re.ASCII)
ADAPTER = Principal(id="switch", name="Switch adapter", roles=frozenset())

blueprint = Blueprint("switch", __name__)


def switch_adapter() -> Principal:
    """Raises Unauthorized unless the request is signed with our secret, by a clock near ours."""
    header = request.headers.get(HEADER, "")
    parts = SIGNATURE.fullmatch(header)
    if parts is None:
        raise Unauthorized(f"Sign the request in the header `{HEADER}: t=<unix seconds>,v1=<hex hmac-sha256>`.")
    at = int(parts[1])
    right = sign(current_app.extensions["settings"].switch_secret, http.content(), at=at)
    if not hmac.compare_digest(right.encode(), f"t={at},v1={parts[2]}".encode()):
        raise Unauthorized("The signature does not fit the body. Sign the bytes that are sent, with the shared secret.")
    if abs(time.time() - at) > TOLERANCE_SECONDS:
        raise Unauthorized(f"The signature is more than {TOLERANCE_SECONDS} s old. Set the clock and sign again.")
    return ADAPTER


def switch_answer(call: Call, status: int = 200) -> Response:
    body = {"call": views.switch_call(call), "command": switch.command(call)}
    location = f"/v1/calls/{call.id}" if status == 201 else None
    return http.answer(body, status, version=call.version, location=location)


def replayed_answer(document: dict) -> Response:
    return switch_answer(aggregates.from_document(Call, document))


@blueprint.post("/v1/calls")
@authenticated_by("switch_signature", switch_adapter, or_roles={})
@http.idempotent(calls.COLLECTION, replayed_answer)
def record_switch_event() -> Response:
    told = http.json_body(SwitchEvent())
    heard_at = clock.now()
    call, created = commands.record_switch_event(
        # A switch whose clock is ahead must not put events into the future.
        Told(told["event"], at=min(told["at"], heard_at), heard_at=heard_at, agent_id=told["agent_id"]),
        switch_call_id=told["switch_call_id"],
        direction=told["direction"],
        caller=told["caller"],
        called=told["called"],
        offer_seconds=current_app.extensions["settings"].offer_seconds,
    )
    return switch_answer(call, 201 if created else 200)
