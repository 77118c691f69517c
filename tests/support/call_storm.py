"""Calls and agents as fast as one process can, until it is killed: `python -m tests.support.call_storm SEED`.

Prints each switch_call_id once the ring is stored.
"""

import random
import sys
from collections.abc import Callable

from services.telephony.commands import agents as agent_commands
from services.telephony.commands import calls as commands
from services.telephony.commands import routing
from services.telephony.config import TelephonySettings
from services.telephony.domain.call import Told
from services.telephony.repositories import agents, calls
from shared import clock, mongo
from shared.auth import Principal
from shared.problems import Conflict

AGENTS = [Principal(id=f"agent-{number}", name=f"Agent {number}", roles=frozenset()) for number in range(5)]
OFFER_SECONDS = 2


def ring(switch_call_id: str) -> None:
    tell("ringing", switch_call_id)
    print(switch_call_id, flush=True)


def tell(event: str, switch_call_id: str) -> None:
    now = clock.now()
    commands.record_switch_event(
        Told(event, at=now, heard_at=now),
        switch_call_id=switch_call_id,
        direction="inbound",
        caller=None,
        called=None,
        offer_seconds=OFFER_SECONDS,
    )


def work_on(agent: Principal) -> None:
    """The agent's next step, whatever it is now."""
    desk = agents.find(agent.id)
    if desk is None or desk.call_id is None:
        agent_commands.choose_state(agent, "available", None, expected=None)
        routing.offer_waiting_calls(OFFER_SECONDS)
        return
    steps: dict[str, Callable] = {
        "offered": lambda: commands.answer_call(desk.call_id, by=agent, expected=None),
        "on-call": lambda: commands.hang_up_call(desk.call_id, by=agent, expected=None),
        "wrap-up": lambda: commands.wrap_up_call(desk.call_id, "other", None, by=agent, expected=None),
    }
    steps[desk.state]()


def storm(seed: str) -> None:
    chance = random.Random(seed)
    number = 0
    while True:
        number += 1
        try:
            ring(f"{seed}-{number}")
            for agent in chance.sample(AGENTS, 3):
                work_on(agent)
            if chance.random() < 0.2 and (waiting := calls.find_longest_waiting()) is not None:
                tell("abandoned", waiting.switch_call_id)
            routing.expire_offers(OFFER_SECONDS)
        except Conflict:
            continue  # What was just read has changed; real people click again, too.


if __name__ == "__main__":
    with mongo.bind(mongo.connect(TelephonySettings.from_environment())):
        storm(sys.argv[1])
