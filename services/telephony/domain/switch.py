"""What the switch has to do next with a call."""

from services.telephony.domain import call as calls
from services.telephony.domain.call import Call

EVENTS = ("ringing", "answered", "held", "resumed", "hung_up", "abandoned")


def command(call: Call) -> dict[str, str | None]:
    """`{"action", "agent_id"}`; the same for the same state of the call, so the switch may ask as often as it likes."""
    actions = {calls.QUEUED: "queue", calls.DIALING: "none", calls.OFFERED: "offer"}
    if call.status in calls.TALKING:
        return {"action": "connect", "agent_id": call.agent_id}
    return {
        "action": actions.get(call.status, "hang-up"),
        "agent_id": call.agent_id if call.status == calls.OFFERED else None,
    }
