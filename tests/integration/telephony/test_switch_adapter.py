"""What the switch tells arrives once, in any order, and only when it is signed."""

import threading
import time

import orjson
import pytest

from services.telephony.domain.signature import sign
from shared import clock, ids
from tests.support.telephony import LINE, seconds_ago

RINGING = {
    "switch_call_id": "sw-1",
    "event": "ringing",
    "from": "13812345678",
    "to": LINE,
    "direction": "inbound",
    "at": "2026-03-02T09:30:00Z",
}


def only_call(telephony) -> dict:
    page = telephony.get("/v1/calls", as_="supervisor.wu").get_json()
    assert len(page["items"]) == 1
    return page["items"][0]


def test_a_first_ring_makes_a_call_that_waits(telephony, switch):
    answer = switch.post(RINGING)

    body = answer.get_json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/telephony/v1/calls/{body['call']['id']}"
    assert body["command"] == {"action": "queue", "agent_id": None}
    call = only_call(telephony)
    assert (call["status"], call["customer_number"], call["line_number"]) == ("queued", "+8613812345678", LINE)


def test_a_ring_repeated_three_times_is_one_call(telephony, switch):
    statuses = [switch.post(RINGING).status_code for _ in range(3)]

    assert statuses == [201, 200, 200]
    assert only_call(telephony)["version"] == 1


def test_two_reports_of_the_same_ring_at_once_make_one_call(telephony, switch):
    for number in range(5):
        together = threading.Barrier(4)
        statuses = []

        def ring(number=number, together=together, statuses=statuses):
            together.wait()
            statuses.append(switch.post(RINGING | {"switch_call_id": f"sw-{number}"}).status_code)

        threads = [threading.Thread(target=ring) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(statuses) == [200, 200, 200, 201]
    assert telephony.database["calls"].count_documents({}) == 5


@pytest.mark.parametrize("order", [("answered", "hung_up", "ringing"), ("hung_up", "answered", "ringing")])
def test_events_in_any_order_end_in_the_same_call(telephony, switch, order):
    at = {"ringing": seconds_ago(100), "answered": seconds_ago(80), "hung_up": seconds_ago(20)}

    for event in order:
        switch.tell(event, "sw-1", at=at[event], agent_id="caller.sun")

    call = only_call(telephony)
    assert (call["status"], call["wait_s"], call["talk_s"], call["agent_id"]) == ("ended", 20, 60, "caller.sun")


def test_an_end_that_overtakes_the_answer_waits_for_it_a_little(telephony, switch):
    switch.tell("ringing", "sw-1", at=seconds_ago(60))
    ended = switch.tell("hung_up", "sw-1", at=seconds_ago(1))

    assert ended.get_json()["call"]["status"] == "closing"
    assert ended.get_json()["command"]["action"] == "hang-up"


def test_a_time_in_the_future_becomes_now(telephony, switch):
    switch.post(RINGING | {"at": "2999-01-01T00:00:00Z"})

    assert only_call(telephony)["received_at"] <= clock.to_json(clock.now())


@pytest.mark.parametrize("number", [None, "anonymous", "unavailable"])
def test_a_withheld_number_is_no_number(telephony, switch, number):
    switch.post(RINGING | {"from": number})

    call = only_call(telephony)
    assert (call["match"], call["customer_number"]) == ("withheld", None)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("event", "exploded"),
        ("direction", "sideways"),
        ("at", "yesterday"),
        ("at", "2026-03-02T09:30:00"),
        ("at", "0001-01-01T00:00:00+23:59"),
        ("switch_call_id", ""),
        ("switch_call_id", "x" * 101),
        ("from", "9" * 41),
        ("colour", "red"),
    ],
)
def test_a_wrong_field_is_named(telephony, switch, field, value):
    answer = switch.post(RINGING | {field: value})

    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["field"] == field


def test_a_replayed_request_changes_nothing(telephony, switch):
    first = switch.tell("ringing", "sw-1", key="once")
    again = switch.tell("ringing", "sw-1", key="once")

    assert first.status_code == 201
    assert again.status_code in (200, 409)
    assert only_call(telephony)["version"] == 1


def test_the_same_key_and_body_get_the_stored_answer(switch):
    first = switch.post(RINGING, key="once")
    again = switch.post(RINGING, key="once")

    assert first.get_json()["call"] == again.get_json()["call"]
    assert again.headers["Idempotency-Replayed"] == "true"


class TestSignature:
    """Only the switch may tell about calls."""

    def test_a_request_without_signature_is_refused(self, telephony):
        assert telephony.post("/v1/calls", RINGING).status_code == 401

    def test_a_bearer_token_does_not_replace_the_signature(self, telephony):
        assert telephony.post("/v1/calls", RINGING, as_="admin.root").status_code == 401

    @pytest.mark.parametrize(
        "signature", ["", "t=1", "t=x,v1=" + "0" * 64, "v1=" + "0" * 64, "t=1,v1=é", "t=٣,v1=" + "0" * 64]
    )
    def test_a_malformed_signature_is_refused(self, switch, signature):
        answer = switch.post(RINGING, signature=signature.encode("utf-8").decode("latin-1") or "none")

        assert answer.status_code == 401

    def test_a_signature_with_another_secret_is_refused(self, switch):
        signature = sign("guessed", orjson.dumps(RINGING), at=int(time.time()))

        assert switch.post(RINGING, signature=signature).status_code == 401

    def test_a_signature_of_another_body_is_refused(self, telephony, switch):
        signature = sign(telephony.settings.switch_secret, b"{}", at=int(time.time()))

        assert switch.post(RINGING, signature=signature).status_code == 401

    @pytest.mark.parametrize(("drift", "status"), [(-310, 401), (-280, 201), (280, 201), (310, 401)])
    def test_a_signature_is_good_for_five_minutes(self, telephony, switch, drift, status):
        body = RINGING | {"switch_call_id": ids.new_id()}
        signature = sign(telephony.settings.switch_secret, orjson.dumps(body), at=int(time.time()) + drift)

        assert switch.post(body, signature=signature).status_code == status
