"""The queue's live figures over HTTP."""

from flask import Blueprint, Response

from services.telephony.api import views
from services.telephony.api.roles import QUEUE_READERS
from services.telephony.commands.calls import QUEUE
from services.telephony.domain import call as domain
from services.telephony.repositories import agents, calls
from shared import clock, http
from shared.auth import requires
from shared.problems import NotFound

LIVE = (domain.QUEUED, domain.OFFERED, *domain.TALKING)

blueprint = Blueprint("queues", __name__)


@blueprint.get("/v1/queues/<queue_id>")
@requires(QUEUE_READERS)
def get_queue(queue_id: str) -> Response:
    if queue_id != QUEUE:
        raise NotFound(f"There is one queue: {QUEUE}.")
    return http.answer(
        views.queue(
            queue_id,
            at=clock.now(),
            calls_by_status=calls.counts_by_status(LIVE),
            longest=calls.find_longest_waiting(),
            agents_by_state=agents.counts_by_state(),
        )
    )
