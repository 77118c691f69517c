"""Search terms that an older version made are made anew, without a new version of the record and without an event."""

import pytest

from services.marketing.repositories import campaigns
from services.sales.repositories import leads
from services.service_desk.repositories import tickets
from shared.renewal import renew

OLD = {"full_name": "張偉", "company_name": None, "version": 3, "words": ["張偉"], "_outbox": [], "status": "new"}


def stored(sales, **fields) -> str:
    id = f"lead-{sales.database['leads'].estimated_document_count()}"
    sales.database["leads"].insert_one(OLD | {"_id": id} | fields)
    return id


def test_an_old_record_is_found_as_a_new_one_after_the_renewal(sales):
    id = stored(sales)

    looked_at, changed = renew(sales.database, "leads", leads.derived)
    again = renew(sales.database, "leads", leads.derived)

    after = sales.database["leads"].find_one({"_id": id})
    assert {"张伟", "张", "伟"} <= set(after["words"])
    assert (after["version"], after["_outbox"]) == (3, [])
    assert (changed, again) == (1, (looked_at, 0))


def test_more_records_than_a_window_are_renewed_once_each(sales, monkeypatch):
    monkeypatch.setattr("shared.renewal.WINDOW", 7)
    sales.database["leads"].delete_many({})
    for number in range(20):
        stored(sales, full_name=f"Łukasz {number}")

    assert renew(sales.database, "leads", leads.derived) == (20, 20)
    assert sales.database["leads"].count_documents({"words": "lukasz"}) == 20


def test_a_record_that_was_saved_meanwhile_is_left_alone(sales):
    id = stored(sales)

    def derived(document: dict) -> dict:
        sales.database["leads"].update_one({"_id": document["_id"]}, {"$inc": {"version": 1}})
        return leads.derived(document)

    renew(sales.database, "leads", derived)

    assert sales.database["leads"].find_one({"_id": id})["words"] == ["張偉"]


@pytest.mark.parametrize(
    ("collection", "document"),
    [(tickets, {"subject": "ＶＰＮ"}), (campaigns, {"name": "ＶＰＮ", "code": "VPN"})],
)
def test_the_derived_words_are_those_of_a_new_record(collection, document):
    assert "vpn" in collection.derived(document)["words"]
