"""What people write reaches a ticket as contracts/vectors say."""

import pytest

from tests.support import vectors

PHONES, EMAILS, SEARCH, TEXTS = (vectors.of(name) for name in ("phones", "emails", "search", "texts"))


@pytest.fixture
def send(desk):
    """`send(contact, …)`: the answer to a new ticket of somebody not known yet."""

    def post(contact: dict | None = None, **fields):
        body = {"subject": "Printer offline", "type": "defect", "channel": "email"}
        who = {"full_name": "Amelia Novak"} | (contact or {"email": "amelia@novak.example"})
        return desk.post("/v1/tickets", body | {"contact": who} | fields, as_="agent.zhao")

    return post


def broken(answer) -> dict[str, str]:
    assert answer.status_code == 422
    return {error["field"]: error["rule"] for error in answer.json["errors"]}


def test_phone_numbers_are_kept_as_the_vectors_say(send):
    for one in PHONES["read"]:
        kept = send({"phone": one["written"], "country": one["country"]}).json["contact"]

        assert (kept["phone"], kept["phone_extension"]) == (one["number"], one["extension"]), one


def test_what_is_no_phone_number_is_refused_by_name(send):
    for one in PHONES["refused"]:
        if one["written"]:
            answer = send({"phone": one["written"], "country": one["country"], "email": "a@b.example"})
            assert broken(answer) == {"contact.phone": "phone-e164"}, one


def test_e_mail_addresses_are_kept_as_the_vectors_say(send):
    for one in EMAILS["read"]:
        assert send({"email": one["written"]}).json["contact"]["email"] == one["address"]


def test_what_is_no_e_mail_address_is_refused_by_name(send):
    for written in EMAILS["refused"]:
        if written:
            assert broken(send({"email": written, "phone": "13800138000"})) == {"contact.email": "email"}, written


def test_an_extension_reaches_whoever_matches_the_person(desk, send):
    ticket = send({"phone": "010 6552 9988 ext. 12"}).json

    (event,) = [one for one in desk.relay() if one.topic == "crm.intake" and one.subject == ticket["id"]]
    assert (event.data["phone"], event.data["phone_extension"]) == ("+861065529988", "12")


@pytest.mark.parametrize("kind", ["found", "not_found"])
def test_a_ticket_is_found_by_its_subject_as_the_vectors_say(desk, send, kind):
    for case in SEARCH[kind]:
        if not case["asked"]:
            continue
        id = send(subject=case["in"]).json["id"]
        page = desk.get("/v1/tickets", query_string={"q": case["asked"], "limit": 200}, as_="agent.zhao").json
        assert (id in {item["id"] for item in page["items"]}) == (kind == "found"), case


def test_a_search_reads_an_index_in_the_order_of_its_answer(desk, send):
    for number in range(60):
        assert send(subject=f"彩色打印机无法联网 Printer {number}").status_code == 201

    for asked in ("打印", "机", "print", "联网 彩色"):
        desk.database.command("profile", 2)
        desk.get("/v1/tickets", query_string={"q": asked, "limit": 10}, as_="agent.zhao")
        desk.database.command("profile", 0)
        (read,) = desk.database["system.profile"].find({"op": "query", "command.find": "tickets"})
        desk.database["system.profile"].drop()
        assert "hasSortStage" not in read, asked
        assert read["docsExamined"] <= 20, asked


def test_texts_lose_what_cannot_be_seen(send):
    for one in TEXTS["kept"]:
        assert send(subject=one["written"]).json["subject"] == one["kept"]


@pytest.mark.parametrize("blank", TEXTS["blank"])
def test_blank_texts_are_refused_everywhere(desk, send, blank):
    ticket = f"/v1/tickets/{send().json['id']}"
    steps = {
        "reply": {"text": blank},
        "messages": {"text": blank, "channel": "email"},
        "note": {"text": blank},
        "resolve": {"resolution": blank},
        "assign": {"assignee": blank},
    }

    assert broken(send(subject=blank)) == {"subject": "blank"}
    assert broken(send({"full_name": blank, "email": "a@b.example"})) == {"contact.full_name": "blank"}
    for step, body in steps.items():
        answer = desk.post(f"{ticket}/{step}", body, as_="agent.zhao")
        assert list(broken(answer).values()) == ["blank"], step
    assert desk.get(ticket, as_="agent.zhao").json["first_responded_at"] is None
