"""Errors, access, ETags and idempotency as a client meets them."""

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest


def test_a_post_without_a_token_is_refused_with_a_next_step(api):
    answer = api.post("/v1/notes", json={"text": "hello"}, as_=None)

    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"
    assert answer.json["code"] == "not-authenticated"
    assert "Authorization" in answer.json["detail"]
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("claims", [{"aud": "other"}, {"iss": "http://evil.invalid"}, {"exp": 1}])
def test_a_token_for_somebody_else_or_out_of_date_is_refused(api, issuer, claims):
    token = issuer.mint(sub="rep.li", roles=["rep"], **claims)

    answer = api.get("/v1/notes/x", as_=None, headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 401


def test_a_token_signed_by_another_key_is_refused(api, issuer):
    from cryptography.hazmat.primitives.asymmetric import ec

    token = issuer.mint(key=ec.generate_private_key(ec.SECP256R1()), sub="rep.li", roles=["rep"])

    assert api.get("/v1/notes/x", as_=None, headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_a_wrong_role_is_told_which_roles_may(api):
    answer = api.post("/v1/notes", json={"text": "hello"}, as_="marketer.chen")

    assert answer.status_code == 403
    assert "rep" in answer.json["detail"]


def test_an_invalid_body_names_each_field_and_rule(api):
    answer = api.post("/v1/notes", json={"txt": "hello"})

    assert answer.status_code == 422
    assert {(error["field"], error["rule"]) for error in answer.json["errors"]} == {
        ("text", "required"),
        ("txt", "unknown-field"),
    }


def test_a_body_that_is_no_json_is_told_so(api):
    answer = api.post("/v1/notes", data=b"{", content_type="application/json")

    assert (answer.status_code, answer.json["code"]) == (400, "not-json")


def test_an_unknown_address_and_a_wrong_method_are_problems_too(api):
    assert api.get("/v1/nowhere").json["code"] == "not-found"

    wrong = api.get("/v1/notes")

    assert (wrong.status_code, wrong.json["code"]) == (405, "method-not-allowed")
    assert "POST" in wrong.headers["Allow"]


def test_the_same_idempotency_key_creates_once_and_marks_the_replay(api, database):
    first = api.post("/v1/notes", json={"text": "你好"}, headers={"Idempotency-Key": "k1"})

    second = api.post("/v1/notes", json={"text": "你好"}, headers={"Idempotency-Key": "k1"})

    assert first.status_code == second.status_code == 201
    assert first.json == second.json
    assert "Idempotency-Replayed" not in first.headers
    assert second.headers["Idempotency-Replayed"] == "true"
    assert database.notes.count_documents({}) == 1


def test_the_same_key_with_another_body_is_a_conflict(api):
    api.post("/v1/notes", json={"text": "one"}, headers={"Idempotency-Key": "k1"})

    answer = api.post("/v1/notes", json={"text": "two"}, headers={"Idempotency-Key": "k1"})

    assert (answer.status_code, answer.json["code"]) == (409, "idempotency-key-reused")


def test_two_people_may_use_the_same_key(api, issuer, database):
    api.post("/v1/notes", json={"text": "one"}, headers={"Idempotency-Key": "k1"})

    api.post("/v1/notes", json={"text": "one"}, as_="rep.garcia", headers={"Idempotency-Key": "k1"})

    assert database.notes.count_documents({}) == 2


def test_twenty_requests_at_once_with_one_key_create_one(api, database):
    with ThreadPoolExecutor(20) as pool:
        answers = list(
            pool.map(lambda _: api.post("/v1/notes", json={"text": "x"}, headers={"Idempotency-Key": "k"}), range(20))
        )

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json["id"] for answer in answers}) == 1
    assert database.notes.count_documents({}) == 1


def test_a_repeated_business_step_is_replayed_rather_than_refused(api):
    note = api.post("/v1/notes", json={"text": "x"}).json
    step = f"/v1/notes/{note['id']}/close"
    api.post(step, headers={"Idempotency-Key": "k2"})

    again = api.post(step, headers={"Idempotency-Key": "k2"})
    other = api.post(step, headers={"Idempotency-Key": "k3"})

    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (200, "true")
    assert (other.status_code, other.json["code"]) == (409, "note-closed")


def test_a_change_based_on_an_old_version_is_refused(api):
    created = api.post("/v1/notes", json={"text": "x"})

    answer = api.post(f"/v1/notes/{created.json['id']}/close", headers={"If-Match": '"7"'})

    assert (created.headers["ETag"], answer.status_code) == ('"1"', 412)


def test_a_reader_who_has_this_version_still_gets_the_whole_answer(api):
    """It may hold more than the record: a customer's name, or whether something is overdue by now."""
    created = api.post("/v1/notes", json={"text": "x"})

    answer = api.get(f"/v1/notes/{created.json['id']}", headers={"If-None-Match": created.headers["ETag"]})

    assert (answer.status_code, answer.json) == (200, created.json)


def test_the_probes_and_metrics_answer_without_a_token(api):
    assert api.get("/livez", as_=None).status_code == 200
    assert api.get("/readyz", as_=None).status_code == 200
    assert b"crm_http_server_requests_total" in api.get("/metrics", as_=None).data


def test_the_log_says_who_was_refused_and_by_which_route_but_not_what_was_asked(api, caplog):
    with caplog.at_level(logging.INFO):
        api.get("/v1/notes/somebody@mail.example?q=secret", as_="rep.li")

    [line] = [record for record in caplog.records if record.getMessage() == "request_refused"]
    assert (line.caller, line.route) == ("rep.li", "/v1/notes/<note_id>")
    assert not [value for value in vars(line).values() if "mail.example" in str(value) or "secret" in str(value)]
