"""Customers whom an older version kept without the extensions of their phones are kept with them after the renewal."""

import sys

import pytest

from services.telephony import worker
from services.telephony.repositories import customers
from tests.support.telephony import customer_event

ZHANG, HUGHES = "019579d2-77a5-7d3e-bb80-5f4a1f0d3c11", "019579d2-77a5-7d3e-bb80-5f4a1f0d3c12"
SWITCHBOARD = "+861065529977"


@pytest.fixture
def renew(telephony, monkeypatch):
    """What an operator runs."""
    for name, value in telephony.environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "argv", ["worker", "renew"])
    return worker.main


def test_an_old_copy_is_known_for_a_whole_switchboard_until_the_renewal(telephony, switch, renew, capsys):
    telephony.publish(
        customer_event(ZHANG, name="Zhang Wei", phones=["+8613812345678"], version=1),
        customer_event(ZHANG, name="张伟", phones=[f"{SWITCHBOARD};ext=12"], version=2),
        customer_event(HUGHES, name="Eleanor Hughes", phones=[], version=1),
    )
    telephony.consume()
    kept = telephony.database[customers.COLLECTION]
    newer = {"_id": HUGHES, "version": 9, "name": "Eleanor Marin", "phones": []}
    kept.replace_one({"_id": HUGHES}, newer)
    kept.replace_one({"_id": ZHANG}, {"_id": ZHANG, "version": 2, "name": "张伟", "phones": [SWITCHBOARD]})
    before = telephony.get(f"/v1/calls/{switch.ring(number=SWITCHBOARD)}", as_="supervisor.wu").get_json()
    assert before["match"] == "known"

    renew()

    call = telephony.get(f"/v1/calls/{switch.ring(number=SWITCHBOARD)}", as_="supervisor.wu").get_json()
    assert (call["match"], [one["name"] for one in call["candidates"]]) == ("choice", ["张伟"])
    assert kept.find_one({"_id": HUGHES}) == newer
    assert "events read again" in capsys.readouterr().out
