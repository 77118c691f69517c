"""What is asked for every call is answered from an index, however long the history is."""

import pytest

from tests.support.telephony import seconds_ago

QUERIES = {
    "the switch tells of a call": ("calls", {"switch_call_id": "sw-1"}),
    "the longest waiting caller": ("calls", {"status": "queued"}),
    "offers that ran out": ("calls", {"status": "offered", "offer_expires_at": {"$lte": seconds_ago(0)}}),
    "an agent's calls and the missed ones": (
        "calls",
        {"$or": [{"agent_id": "caller.sun"}, {"direction": "inbound", "status": "abandoned"}]},
    ),
    "the calls of a customer": ("calls", {"customer_id": "customer-1"}),
    "who has this call": ("agents", {"call_id": "call-1"}),
    "who is available": ("agents", {"state": "available", "call_id": None}),
    "whose number is it": ("customers", {"phones": "+8613812345678"}),
}


@pytest.mark.parametrize("name", QUERIES)
def test_nothing_reads_a_whole_collection(telephony, name):
    collection, query = QUERIES[name]

    plan = telephony.database[collection].find(query).explain()["queryPlanner"]["winningPlan"]

    assert "COLLSCAN" not in str(plan)
