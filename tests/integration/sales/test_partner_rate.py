"""A partner goes as fast as was agreed, over all its keys and all processes, and nobody guesses keys without end."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from services.sales.api.partner_access import CACHED_SECONDS, GUESSES, Lately, Strangers
from services.sales.api.partner_pace import AT_ONCE, BATCHES_AT_ONCE, Pace
from services.sales.app import create_app
from shared.problems import TooManyRequests

RATE = 20


@pytest.fixture
def processes(sales):
    """Clients of two applications on one database, as two web processes are."""
    return [sales.app.test_client(), create_app(sales.settings).test_client()]


def read(client, id, key, **headers) -> tuple[int, dict]:
    answer = client.get(f"/v1/partners/{id}/leads", headers=key | headers)
    return answer.status_code, answer.headers


def test_the_agreed_rate_is_kept_over_all_keys_and_processes(sales, processes, partner):
    id, first = partner(rate=RATE)
    second = {"X-Api-Key": sales.post(f"/v1/partners/{id}/keys", as_="admin.root").get_json()["key"]}

    began = time.monotonic()
    answers = [read(client, id, key)[0] for _ in range(30) for client in processes for key in (first, second)]
    took = time.monotonic() - began

    served = answers.count(200)
    assert set(answers) == {200, 429}
    assert RATE * 0.8 <= served <= RATE * (1 + took) + 1


def test_a_partner_that_stays_below_its_rate_is_never_refused(processes, partner):
    id, key = partner(rate=RATE)
    read(processes[0], id, key)

    statuses = []
    for number in range(15):
        time.sleep(1 / RATE / 0.7)  # Seven tenths of the rate, taken by either process in turn.
        statuses.append(read(processes[number % 2], id, key)[0])

    assert set(statuses) == {200}


def test_a_refused_partner_is_told_its_rate_and_when_to_come_back(sales, partner):
    id, key = partner(rate=1)
    sales.get(f"/v1/partners/{id}/leads", headers=key)

    refused = sales.post(f"/v1/partners/{id}/leads", {"external_id": "1"}, headers=key, key="the-same")

    problem = refused.get_json()
    assert (refused.status_code, problem["code"]) == (429, "too-many-requests")
    assert "1 requests a second are agreed" in problem["detail"]
    assert refused.headers["Retry-After"] == "1"
    assert (refused.headers["RateLimit-Policy"], refused.headers["RateLimit"]) == (
        '"partner";q=1;w=1',
        '"partner";r=0;t=1',
    )

    time.sleep(int(refused.headers["Retry-After"]) + 0.1)
    assert sales.post(f"/v1/partners/{id}/leads", {"external_id": "1"}, headers=key).status_code == 422


def test_every_answer_to_a_partner_says_what_is_left(sales, partner):
    id, key = partner(rate=100)

    left = [
        int(re.fullmatch(r'"partner";r=(\d+);t=1', answer.headers["RateLimit"])[1])
        for answer in (
            sales.get(f"/v1/partners/{id}/leads", headers=key),
            sales.get(f"/v1/partners/{id}/leads/none", headers=key),
            sales.post(f"/v1/partners/{id}/leads", {}, headers=key),
        )
    ]

    assert left[0] in range(95, 100)
    assert all(number in range(90, 101) for number in left)


def test_a_partner_with_a_token_has_the_same_rate(sales, partner):
    id, key = partner(rate=5)
    token = {"Authorization": f"Bearer {sales.issuer.mint(sub='p', roles=['partner'], partner_id=id)}"}

    statuses = [sales.get(f"/v1/partners/{id}/leads", headers=headers).status_code for headers in [key, token] * 20]

    assert statuses.count(429) >= 20


def test_one_partner_over_its_rate_does_not_slow_another(sales, partner):
    eager, calm = partner(rate=1), partner(rate=1)
    for _ in range(5):
        last = sales.get(f"/v1/partners/{eager[0]}/leads", headers=eager[1])

    assert last.status_code == 429
    assert sales.get(f"/v1/partners/{calm[0]}/leads", headers=calm[1]).status_code == 200


def test_a_fast_partner_costs_a_few_round_trips_a_second_and_not_one_for_each_request(sales, partner):
    id, key = partner(rate=10_000)
    before = round_trips(sales)
    client, count = sales.app.test_client(), 0

    began = time.monotonic()
    while time.monotonic() - began < 1:
        assert read(client, id, key)[0] == 200
        count += 1

    assert 1 <= round_trips(sales) - before <= min(20, count)


def test_requests_that_are_refused_cost_few_round_trips_too(sales, partner):
    id, key = partner(rate=10)
    before = round_trips(sales)
    client = sales.app.test_client()

    began = time.monotonic()
    while time.monotonic() - began < 1:
        read(client, id, key)

    assert round_trips(sales) - before <= 60


@pytest.mark.parametrize(("batch", "most"), [(False, AT_ONCE), (True, BATCHES_AT_ONCE)])
def test_bodies_that_never_end_do_not_fill_a_process(batch, most):
    pace = Pace()
    partner, other = (type("Partner", (), {"id": id, "rate": 10})() for id in ("slow", "other"))
    with ExitStack() as open_:
        for _ in range(most):
            open_.enter_context(pace.under_way(partner, batch=batch))

        with pytest.raises(TooManyRequests) as refused, pace.under_way(partner, batch=batch):
            pass
        assert refused.value.code == "too-many-at-once"
        with pace.under_way(other, batch=batch), pace.under_way(partner, batch=not batch):
            pass

    with pace.under_way(partner, batch=batch):
        pass


def test_keys_that_nobody_has_are_looked_up_for_each_address_only_so_often(sales, partner):
    id, key = partner()

    def send(number: int, address: str):
        headers = {"X-Api-Key": f"0190f000-0000-7000-8000-{number:012}.x", "X-Client-Address": address}
        return sales.get(f"/v1/partners/{id}/leads", headers=headers)

    assert sales.get(f"/v1/partners/{id}/leads", headers=key | {"X-Client-Address": "192.0.2.1"}).status_code == 200
    answers = [send(number, "192.0.2.1") for number in range(60)]

    statuses = [answer.status_code for answer in answers]
    refused = answers[-1]
    assert set(statuses) == {401, 429}
    assert statuses.count(401) in range(GUESSES, GUESSES + 10)
    assert (refused.get_json()["code"], refused.headers["Retry-After"]) == ("too-many-unknown-keys", "1")
    assert send(1, "192.0.2.2").status_code == 401
    assert sales.get(f"/v1/partners/{id}/leads", headers=key | {"X-Client-Address": "192.0.2.1"}).status_code == 200


def test_whoever_guesses_keys_shuts_out_no_partner_behind_the_same_address(sales, partner, monkeypatch):
    id, key = partner()
    now = [0.0]
    monkeypatch.setitem(sales.app.extensions, "partner_keys", Lately(clock=lambda: now[0]))
    address = {"X-Client-Address": "192.0.2.9"}
    assert sales.get(f"/v1/partners/{id}/leads", headers=key | address).status_code == 200
    for _ in range(GUESSES + 1):
        sales.app.extensions["strangers"].count("192.0.2.9")

    now[0] = CACHED_SECONDS + 1

    assert sales.get(f"/v1/partners/{id}/leads", headers=key | address).status_code == 200
    assert sales.get(f"/v1/partners/{id}/leads", headers={"X-Api-Key": "a.b"} | address).status_code == 429


def test_an_address_may_try_again_after_a_while():
    now = [0.0]
    strangers = Strangers(clock=lambda: now[0])
    for _ in range(GUESSES):
        strangers.check("192.0.2.1")
        strangers.count("192.0.2.1")
    with pytest.raises(TooManyRequests):
        strangers.check("192.0.2.1")

    now[0] = 1.0

    strangers.check("192.0.2.1")


def test_requests_at_the_same_moment_wait_for_the_same_round_trip(sales, partner):
    id, key = partner(rate=1000)
    before = round_trips(sales)

    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(lambda _: read(sales.app.test_client(), id, key)[0], range(64)))

    assert set(statuses) == {200}
    assert round_trips(sales) - before < 32


def round_trips(sales) -> int:
    """How often anybody drew from a bucket."""
    [stats] = sales.database["partner_rates"].aggregate([{"$collStats": {"latencyStats": {}}}])
    counted = stats["latencyStats"]
    return counted["writes"]["ops"] + counted["commands"]["ops"]
