"""What is asked often is answered from an index, however many leads and deals there are."""

import pytest

QUERIES = {
    "a partner sends a lead again": ("leads", {"partner_id": "eastgate", "external_id": {"$in": ["EG-1", "EG-2"]}}),
    "a partner lists its leads": ("leads", {"partner_id": "eastgate"}),
    "a rep opens the inbox": ("leads", {"owner_id": {"$in": ["rep.li", None]}}),
    "a manager looks at new leads": ("leads", {"status": "new"}),
    "a marketer follows a campaign": ("leads", {"campaign_code": "SPRING-2026"}),
    "somebody searches a name": ("leads", {"words": {"$regex": "^远大"}}),
    "the customer service answers": ("leads", {"_id": {"$in": ["a", "b"]}, "customer_id": None}),
    "an import is repeated": ("opportunities", {"source": "csv", "external_ref": "1C1I7A6R"}),
    "a column of the board": ("opportunities", {"stage": "proposal"}),
    "the deals of a customer": ("opportunities", {"customer_id": "c"}),
    "the deals of a campaign": ("opportunities", {"campaign_code": "SPRING-2026"}),
    "the orders of an opportunity": ("orders", {"opportunity_id": "o"}),
    "the orders of a customer": ("orders", {"customer_id": "c"}),
}


@pytest.mark.parametrize("name", QUERIES)
def test_no_list_reads_the_whole_collection(sales, name):
    collection, query = QUERIES[name]

    plan = sales.database[collection].find(query).explain()["queryPlanner"]["winningPlan"]

    assert "COLLSCAN" not in str(plan)
