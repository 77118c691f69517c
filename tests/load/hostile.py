"""What one caller's hostile body costs another caller, through the gateway of a running environment.

`python -m tests.load.hostile [--env dev] [--seconds 20]` reads `/v1/me` as one person twenty times a second, first alone
and then while somebody else sends a body of 30,000 empty phones as fast as the gateway lets him. Prints one JSON object:
the hostile request's median milliseconds, status and bytes, and the reader's p50 and p99 in both halves.
"""

import argparse
import json
import statistics
import threading
import time

import httpx

from stack import identity
from stack.environments import ENVIRONMENTS, Environment

READS_A_SECOND = 20
BODY = json.dumps({"kind": "person", "given_name": "a", "phones": [{}] * 30_000}).encode()


def client(environment: Environment, person: str) -> httpx.Client:
    token = identity.token(environment, person)
    return httpx.Client(
        base_url=f"{environment.gateway_url}/api/customer/v1",
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        timeout=30,
        trust_env=False,
    )


def milliseconds(ask) -> tuple[float, httpx.Response]:
    began = time.perf_counter()
    answer = ask()
    return (time.perf_counter() - began) * 1000, answer


def read(reader: httpx.Client, seconds: float) -> dict[str, float]:
    """Twenty reads a second, each at its own time whatever the one before took."""
    began, times = time.perf_counter(), []
    for number in range(int(seconds * READS_A_SECOND)):
        time.sleep(max(began + number / READS_A_SECOND - time.perf_counter(), 0))
        took, answer = milliseconds(lambda: reader.get("/me"))
        answer.raise_for_status()
        times.append(took)
    return {"p50_ms": round(statistics.median(times), 1), "p99_ms": round(statistics.quantiles(times, n=100)[98], 1)}


def attack(attacker: httpx.Client, stop: threading.Event, answers: list[tuple[float, httpx.Response]]) -> None:
    while not stop.is_set():
        answers.append(milliseconds(lambda: attacker.post("/customers", content=BODY)))


def measure(environment: Environment, seconds: float) -> dict[str, object]:
    with client(environment, "caller.sun") as reader, client(environment, "rep.garcia") as attacker:
        read(reader, 2)
        quiet = read(reader, seconds)
        stop, answers = threading.Event(), []
        threads = [threading.Thread(target=attack, args=(attacker, stop, answers)) for _ in range(2)]
        for thread in threads:
            thread.start()
        try:
            meanwhile = read(reader, seconds)
        finally:
            stop.set()
            for thread in threads:
                thread.join()
    refused = [(took, answer) for took, answer in answers if answer.status_code != 429]
    return {
        "hostile": {
            "sent": len(answers),
            "limited": len(answers) - len(refused),
            "statuses": sorted({answer.status_code for _, answer in refused}),
            "median_ms": round(statistics.median(took for took, _ in refused), 1),
            "answer_bytes": max(len(answer.content) for _, answer in refused),
        },
        "reader_alone": quiet,
        "reader_meanwhile": meanwhile,
        "p99_ratio": round(meanwhile["p99_ms"] / quiet["p99_ms"], 2),
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--env", choices=sorted(ENVIRONMENTS), default="dev")
    parser.add_argument("--seconds", type=float, default=20)
    arguments = parser.parse_args()
    print(json.dumps(measure(ENVIRONMENTS[arguments.env], arguments.seconds), indent=2))
