"""Partners send leads, one by one and in batches; the same external id is always the same lead."""

import threading

import pytest

LEAD = {
    "external_id": "EG-1",
    "full_name": "张伟",
    "company_name": "上海远大贸易有限公司",
    "email": "Zhang.Wei@example.com",
    "phone": "138 0013 8000",
    "interest": "Call centre for 40 agents",
    "campaign_code": "SPRING-2026",
}


def test_a_partner_sends_a_lead(sales, partner):
    id, key = partner()

    answer = sales.post(f"/v1/partners/{id}/leads", LEAD, headers=key)

    lead = answer.get_json()
    assert answer.status_code == 201
    assert answer.headers["ETag"] == '"1"'
    assert answer.headers["Location"] == f"/api/sales/v1/partners/{id}/leads/EG-1"
    assert (lead["status"], lead["phone"], lead["email"]) == ("new", "+8613800138000", "zhang.wei@example.com")


def test_the_same_external_id_again_is_the_same_lead(sales, partner):
    id, key = partner()
    first = sales.post(f"/v1/partners/{id}/leads", LEAD, headers=key).get_json()

    same = sales.post(f"/v1/partners/{id}/leads", LEAD, headers=key)
    other = sales.post(f"/v1/partners/{id}/leads", LEAD | {"email": "new@example.com", "phone": None}, headers=key)

    assert (same.status_code, other.status_code) == (200, 200)
    assert same.get_json() == first | {"differences": []}
    assert other.get_json() == first | {"differences": ["email", "phone"]}
    assert sales.database["leads"].count_documents({"partner_id": id}) == 1


def test_the_same_lead_at_the_same_time_is_one_lead(sales, partner):
    id, key = partner()
    statuses = []

    def send():
        statuses.append(sales.app.test_client().post(f"/v1/partners/{id}/leads", json=LEAD, headers=key).status_code)

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(statuses) == [200] * 7 + [201]
    assert sales.database["leads"].count_documents({"partner_id": id}) == 1


def test_two_partners_may_use_the_same_external_id(sales, partner):
    first, first_key = partner()
    second, second_key = partner()

    answers = [
        sales.post(f"/v1/partners/{first}/leads", LEAD, headers=first_key),
        sales.post(f"/v1/partners/{second}/leads", LEAD, headers=second_key),
    ]

    assert [answer.status_code for answer in answers] == [201, 201]


def test_wrong_fields_are_named_with_their_rules(sales, partner):
    id, key = partner()

    answer = sales.post(f"/v1/partners/{id}/leads", {"external_id": "EG-2", "phone": "call me", "x": 1}, headers=key)

    assert answer.status_code == 422
    assert {error["field"]: error["rule"] for error in answer.get_json()["errors"]} == {
        "phone": "phone-e164",
        "x": "unknown-field",
    }


def test_an_idempotency_key_replays_the_answer_and_refuses_another_body(sales, partner):
    id, key = partner()

    first = sales.post(f"/v1/partners/{id}/leads", LEAD, headers=key, key="k-1")
    again = sales.post(f"/v1/partners/{id}/leads", LEAD, headers=key, key="k-1")
    other = sales.post(f"/v1/partners/{id}/leads", LEAD | {"external_id": "EG-9"}, headers=key, key="k-1")

    assert first.status_code == again.status_code == 201
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.get_json() == first.get_json()
    assert (other.status_code, other.get_json()["code"]) == (409, "idempotency-key-reused")


def test_one_bad_row_does_not_sink_the_batch(sales, partner):
    id, key = partner()
    sales.post(f"/v1/partners/{id}/leads", LEAD, headers=key)
    rows = [
        LEAD | {"external_id": "EG-2"},
        LEAD | {"external_id": "EG-3", "email": "nobody", "phone": None},
        LEAD,
        "not a lead",
        LEAD | {"external_id": "EG-2", "full_name": "Somebody else"},
        {"external_id": "EG-4", "company_name": "Norte Foods", "phone": "+44 20 7946 0123"},
    ]

    answer = sales.post(f"/v1/partners/{id}/leads/batch", {"leads": rows}, headers=key)

    body = answer.get_json()
    assert answer.status_code == 200
    assert [row["status"] for row in body["results"]] == [
        "created",
        "invalid",
        "existing",
        "invalid",
        "existing",
        "created",
    ]
    assert [row["row"] for row in body["results"]] == list(range(6))
    assert (body["created"], body["existing"], body["invalid"]) == (2, 2, 2)
    assert body["results"][0]["lead"] == body["results"][4]["lead"]
    assert body["results"][1]["errors"][0]["field"] == "email"
    assert sales.database["leads"].count_documents({"partner_id": id}) == 3


def test_a_row_that_says_something_else_than_the_lead_of_its_id_is_told_what_was_not_taken(sales, partner):
    id, key = partner()
    url = f"/v1/partners/{id}/leads/batch"
    ann, ben = LEAD | {"external_id": "x", "full_name": "Ann"}, LEAD | {"external_id": "x", "full_name": "Ben"}

    first = sales.post(url, {"leads": [ann, ben, ann]}, headers=key).get_json()["results"]
    later = sales.post(url, {"leads": [ben | {"email": "ben@example.com"}, ann]}, headers=key).get_json()["results"]

    assert [row["status"] for row in first] == ["created", "existing", "existing"]
    assert [row["differences"] for row in first] == [[], ["full_name"], []]
    assert [row["differences"] for row in later] == [["full_name", "email"], []]
    assert {row["lead"]["id"] for row in first + later} == {first[0]["lead"]["id"]}


def test_the_same_batch_again_creates_nothing(sales, partner):
    id, key = partner()
    batch = {"leads": [LEAD | {"external_id": f"EG-{number}"} for number in range(1000)]}

    first = sales.post(f"/v1/partners/{id}/leads/batch", batch, headers=key).get_json()
    again = sales.post(f"/v1/partners/{id}/leads/batch", batch, headers=key).get_json()

    assert (first["created"], again["created"], again["existing"]) == (1000, 0, 1000)
    assert [row["lead"]["id"] for row in again["results"]] == [row["lead"]["id"] for row in first["results"]]


def test_a_batch_has_one_to_a_thousand_rows(sales, partner):
    id, key = partner()

    for leads in ([], [LEAD] * 1001, None, "all"):
        assert sales.post(f"/v1/partners/{id}/leads/batch", {"leads": leads}, headers=key).status_code == 422


def test_a_partner_reads_its_own_leads_and_their_status(sales, partner):
    id, key = partner()
    for number in range(3):
        sales.post(f"/v1/partners/{id}/leads", LEAD | {"external_id": f"EG-{number}"}, headers=key)

    page = sales.get(f"/v1/partners/{id}/leads?limit=2", headers=key).get_json()
    rest = sales.get(f"/v1/partners/{id}/leads?limit=2&cursor={page['next']}", headers=key).get_json()
    one = sales.get(f"/v1/partners/{id}/leads/EG-1", headers=key)

    assert [lead["external_id"] for lead in page["items"] + rest["items"]] == ["EG-2", "EG-1", "EG-0"]
    assert rest["next"] is None
    assert one.get_json()["status"] == "new"
    assert sales.get(f"/v1/partners/{id}/leads/EG-7", headers=key).status_code == 404
    assert sales.get(f"/v1/partners/{id}/leads?status=qualified", headers=key).get_json()["items"] == []


@pytest.mark.parametrize("external_id", ["2026/11/0042", "a\\b", "a\x00b", "a\u200bb", "..", "."])
def test_an_id_that_no_address_can_carry_is_refused_alone_and_in_a_batch(sales, partner, external_id):
    id, key = partner()
    lead = LEAD | {"external_id": external_id}

    alone = sales.post(f"/v1/partners/{id}/leads", lead, headers=key)
    batch = sales.post(f"/v1/partners/{id}/leads/batch", {"leads": [lead]}, headers=key).json

    assert alone.status_code == 422
    assert [(error["field"], error["rule"]) for error in alone.json["errors"]] == [("external_id", "path-segment")]
    assert [error["rule"] for error in batch["results"][0]["errors"]] == ["path-segment"]


def test_a_row_of_many_unknown_fields_is_refused_in_few_words(sales, partner):
    id, key = partner()
    row = LEAD | {"external_id": "EG-1"} | {f"f{number}": 1 for number in range(40_000)}

    answer = sales.post(f"/v1/partners/{id}/leads/batch", {"leads": [row]}, headers=key)

    assert (answer.status_code, answer.json["invalid"]) == (200, 1)
    assert len(answer.data) < 4096


@pytest.mark.parametrize("external_id", ["2026-11-0042", "线索 7", "a?b#c%2F"])
def test_any_external_id_can_be_read_again_at_its_location(sales, partner, external_id):
    id, key = partner()

    made = sales.post(f"/v1/partners/{id}/leads", LEAD | {"external_id": external_id}, headers=key)
    found = sales.app.test_client().get(made.headers["Location"].removeprefix("/api/sales"), headers=key)

    assert found.get_json()["external_id"] == external_id


def test_a_partner_sees_nothing_of_another_partner(sales, partner):
    _, key = partner()
    second, second_key = partner()
    sales.post(f"/v1/partners/{second}/leads", LEAD, headers=second_key)

    answers = [
        sales.get(f"/v1/partners/{second}/leads", headers=key),
        sales.get(f"/v1/partners/{second}/leads/EG-1", headers=key),
        sales.post(f"/v1/partners/{second}/leads", LEAD, headers=key),
        sales.post(f"/v1/partners/{second}/leads/batch", {"leads": [LEAD]}, headers=key),
    ]

    assert [answer.status_code for answer in answers] == [403] * 4


def test_a_partner_may_use_a_token_instead_of_a_key(sales):
    assert sales.post("/v1/partners/acme/leads", LEAD, as_="partner.acme").status_code == 404
    sales.post("/v1/partners", {"id": "acme", "name": "Acme Partners"}, as_="admin.root")

    answer = sales.post("/v1/partners/acme/leads", LEAD, as_="partner.acme")

    assert answer.status_code == 201
    assert sales.get("/v1/leads", as_="partner.acme").status_code == 403


def test_a_key_that_is_wrong_or_missing_is_refused(sales, partner):
    id, key = partner()
    key_id, _, _ = key["X-Api-Key"].partition(".")

    for wrong in ({}, {"X-Api-Key": ""}, {"X-Api-Key": key_id}, {"X-Api-Key": f"{key_id}.guess"}, {"X-Api-Key": "a.b"}):
        assert sales.post(f"/v1/partners/{id}/leads", LEAD, headers=wrong).status_code == 401
    assert sales.post(f"/v1/partners/{id}/leads", LEAD, as_="rep.li").status_code == 403


def test_keys_are_rotated_without_a_gap(sales, partner):
    id, old = partner()
    made = sales.post(f"/v1/partners/{id}/keys", as_="admin.root").get_json()
    keys = f"/v1/partners/{id}/keys"
    old_id = old["X-Api-Key"].partition(".")[0]

    both = [
        sales.post(f"/v1/partners/{id}/leads", LEAD | {"external_id": key[:40]}, headers={"X-Api-Key": key})
        for key in (old["X-Api-Key"], made["key"])
    ]
    without_version = sales.delete(f"{keys}/{old_id}", as_="admin.root")
    revoked = sales.delete(f"{keys}/{old_id}", as_="admin.root", if_match='"1"')

    assert [answer.status_code for answer in both] == [201, 201]
    assert (without_version.status_code, revoked.status_code) == (428, 204)
    listed = {key["id"]: key["revoked_at"] for key in sales.get(keys, as_="admin.root").get_json()["items"]}
    assert listed[old_id] is not None
    assert listed[made["id"]] is None


def test_a_revoked_key_no_longer_opens_in_a_process_that_did_not_cache_it(sales, partner):
    id, key = partner()
    key_id = key["X-Api-Key"].partition(".")[0]

    sales.delete(f"/v1/partners/{id}/keys/{key_id}", as_="admin.root", if_match='"1"')

    assert sales.post(f"/v1/partners/{id}/leads", LEAD, headers=key).status_code == 401


def test_a_key_is_shown_once_and_kept_as_a_hash(sales, partner):
    id, _ = partner()
    made = sales.post(f"/v1/partners/{id}/keys", as_="admin.root", key="rotate").get_json()
    again = sales.post(f"/v1/partners/{id}/keys", as_="admin.root", key="rotate").get_json()

    stored = sales.database["partner_keys"].find_one({"_id": made["id"]})

    assert again["id"] == made["id"]
    assert again["key"] is None
    assert made["key"].partition(".")[2] not in str(stored)


def test_a_lead_is_announced_without_personal_data_except_to_the_customer_service(sales, partner):
    id, key = partner()
    sales.relay()
    lead = sales.post(f"/v1/partners/{id}/leads", LEAD, headers=key).get_json()

    received, intake = sorted(sales.relay(), key=lambda event: event.type, reverse=True)

    assert (received.type, received.topic, received.subject) == ("sales.lead.received", "crm.lead", lead["id"])
    assert (intake.type, intake.topic, intake.subject) == ("sales.intake.received", "crm.intake", lead["id"])
    assert intake.data["source"] == {"source": "sales-lead", "id": lead["id"]}
    assert intake.data["phone"] == "+8613800138000"
    for personal in ("张伟", "zhang.wei", "13800138000", "远大", "Call centre"):
        assert personal not in str(received)
