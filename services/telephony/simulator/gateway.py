"""The simulator's client of the gateway: signed events as the switch, commands with a token as an agent."""

import http.client
import json
import threading
import time
from urllib.parse import urlsplit

from services.telephony.domain.signature import HEADER, sign

TIMEOUT_SECONDS = 15
ATTEMPTS = 5
PASSING = (429, 502, 503, 504)


class Refused(Exception):
    """The API said no; `status` and `code` are the problem's."""

    def __init__(self, what: str, status: int, problem: dict) -> None:
        super().__init__(f"{what} answered {status}: {problem.get('detail', problem)}")
        self.status = status
        self.code = problem.get("code")


class Gateway:
    """Each thread has its own connection. Passing trouble is waited for, because events may be repeated."""

    def __init__(self, address: str, *, secret: str) -> None:
        self._address = urlsplit(address)
        self._secret = secret
        self._local = threading.local()

    def tell(self, event: dict) -> dict:
        """One event of the switch; answers `{"call", "command"}`. Raises Refused."""
        body = json.dumps(event).encode()
        _, answer = self._send(
            "POST", "/v1/calls", body, lambda: {HEADER: sign(self._secret, body, at=int(time.time()))}
        )
        return answer

    def command(
        self, method: str, path: str, token: str, body: dict | None = None, *, etag: str = ""
    ) -> tuple[str, dict]:
        """Answers the ETag and the body. Raises Refused."""
        headers = {"Authorization": f"Bearer {token}"} | ({"If-Match": etag} if etag else {})
        return self._send(method, path, json.dumps(body).encode() if body else None, lambda: headers)

    def _send(self, method: str, path: str, body: bytes | None, headers) -> tuple[str, dict]:
        for attempt in range(ATTEMPTS):
            try:
                status, etag, answer = self._once(method, path, body, headers())
            except (OSError, http.client.HTTPException):
                self._local.connection = None
                if attempt == ATTEMPTS - 1:
                    raise
                status = 503
            if status < 300:
                return etag, answer
            if status not in PASSING or attempt == ATTEMPTS - 1:
                raise Refused(f"{method} {path}", status, answer)
            time.sleep(2**attempt / 4)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _once(self, method: str, path: str, body: bytes | None, headers: dict) -> tuple[int, str, dict]:
        connection = self._connection()
        kind = {"Content-Type": "application/json"} if body else {}
        connection.request(method, f"{self._address.path.rstrip('/')}/api/telephony{path}", body, headers | kind)
        response = connection.getresponse()
        return response.status, response.headers.get("ETag", ""), json.loads(response.read() or b"{}")

    def _connection(self) -> http.client.HTTPConnection:
        connection = getattr(self._local, "connection", None)
        if connection is None:
            secure = self._address.scheme == "https"
            kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
            connection = kind(self._address.netloc, timeout=TIMEOUT_SECONDS)
            self._local.connection = connection
        return connection
