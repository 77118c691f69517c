"""A client of the public API: what the demo data and the CSV import use, and what any other program could use as well."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import orjson

TIMEOUT_SECONDS = 30
PATIENCE_SECONDS = 60
LONGEST_PAUSE_SECONDS = 5.0
PASSING = {429, 502, 503, 504}
WORTH_A_RETRY = {"customer-not-known-yet", "changed-meanwhile"}
"""Problem codes that go away: the events are on their way, or somebody else was faster by a moment."""


class Refused(Exception):
    """The API said no. The text is for people; `status` and `code` are the problem's."""

    def __init__(self, what: str, status: int, problem: dict[str, Any]) -> None:
        errors = "; ".join(f"{error['field']}: {error['message']}" for error in problem.get("errors", []))
        super().__init__(f"{what} answered {status}: {errors or problem.get('detail') or problem}")
        self.status = status
        self.code = problem.get("code")


class Api:
    """Sends JSON to the gateway. `token` gives the bearer token of a person; passing trouble is waited for."""

    def __init__(
        self,
        gateway: str,
        token: Callable[[str], str],
        *,
        host: str | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """`host` is the public name of a gateway that is reached under another address."""
        self._token = token
        self._http = httpx.Client(
            base_url=gateway.rstrip("/"),
            headers={"Host": host} if host else None,
            timeout=TIMEOUT_SECONDS,
            transport=transport,
            limits=httpx.Limits(max_connections=64, max_keepalive_connections=64),
            trust_env=False,
        )

    def get(self, path: str, *, as_: str, **query: Any) -> dict[str, Any]:
        """`path` begins with the service: `sales/v1/leads`. Raises Refused."""
        return self._send("GET", path, headers=self._bearer(as_), params=query)

    def post(self, path: str, body: dict | None = None, *, as_: str, key: str | None = None) -> dict[str, Any]:
        """`key` is the Idempotency-Key; with it a repeated run does nothing twice. Raises Refused."""
        headers = self._bearer(as_) | ({"Idempotency-Key": key} if key else {})
        return self._send("POST", path, headers=headers, body=body)

    def put(self, path: str, body: dict, *, as_: str) -> dict[str, Any]:
        """Whatever version there is is replaced. Raises Refused."""
        return self._send("PUT", path, headers=self._bearer(as_) | {"If-Match": "*"}, body=body)

    def post_signed(self, path: str, body: dict, *, sign: Callable[[bytes], dict[str, str]]) -> dict[str, Any]:
        """For callers without a token: `sign` gives the headers for the bytes that are sent. Raises Refused."""
        return self._send("POST", path, headers={}, body=body, sign=sign)

    def every(self, path: str, *, as_: str, **query: Any) -> Iterator[dict[str, Any]]:
        """All items of a list, page by page. Raises Refused."""
        cursor: dict[str, str] = {}
        while True:
            page = self.get(path, as_=as_, limit=200, **query, **cursor)
            yield from page["items"]
            if page["next"] is None:
                return
            cursor = {"cursor": page["next"]}

    def close(self) -> None:
        self._http.close()

    def _bearer(self, person: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token(person)}"}

    def _send(
        self,
        method: str,
        path: str,
        *,
        headers: dict[str, str],
        params: dict | None = None,
        body: dict | None = None,
        sign: Callable[[bytes], dict[str, str]] | None = None,
    ) -> dict[str, Any]:
        content = None if body is None else orjson.dumps(body)
        if content is not None:
            headers = headers | {"Content-Type": "application/json"}
        deadline, pause = time.monotonic() + PATIENCE_SECONDS, 0.05
        while True:
            signed = headers | (sign(content or b"") if sign else {})
            try:
                response = self._http.request(method, f"/api/{path}", params=params, content=content, headers=signed)
                if response.is_success:
                    return orjson.loads(response.content) if response.content else {}
                refused = Refused(f"{method} /api/{path}", response.status_code, _problem(response))
                if response.status_code not in PASSING and refused.code not in WORTH_A_RETRY:
                    raise refused
            except httpx.TransportError as problem:
                refused = Refused(f"{method} /api/{path}", 0, {"detail": repr(problem)})
            if time.monotonic() > deadline:
                raise refused
            time.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)


def _problem(response: httpx.Response) -> dict[str, Any]:
    try:
        problem = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        return {"detail": response.text[:500]}
    return problem if isinstance(problem, dict) else {"detail": str(problem)}
