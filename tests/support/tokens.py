"""Access tokens for tests: an identity provider reduced to its keys, and the demo people who hold the tokens."""

import functools
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

ISSUER, AUDIENCE = "http://tests.invalid/oidc", "crm"
PEOPLE = {
    "rep.li": {"roles": ["rep"], "team": "east", "name": "李伟"},
    "rep.garcia": {"roles": ["rep"], "team": "west", "name": "Lucia Garcia"},
    "manager.wang": {"roles": ["sales-manager"], "team": "east", "name": "王芳"},
    "marketer.chen": {"roles": ["marketer"], "name": "陈静"},
    "agent.zhao": {"roles": ["service-agent"], "name": "赵敏"},
    "agent.novak": {"roles": ["service-agent"], "name": "Petra Novak"},
    "caller.sun": {"roles": ["call-agent"], "name": "孙丽"},
    "caller.okafor": {"roles": ["call-agent"], "name": "Ada Okafor"},
    "supervisor.wu": {"roles": ["supervisor"], "name": "吴强"},
    "exec.lin": {"roles": ["executive", "analyst"], "name": "林涛"},
    "operator.kim": {"roles": ["operator"], "name": "Min Kim"},
    "importer.xu": {"roles": ["importer"], "name": "许静"},
    "admin.root": {"roles": ["admin"], "name": "Root"},
    "privacy.he": {"roles": ["privacy-officer"], "name": "何平"},
    "customer.zhang": {"roles": ["customer"], "name": "张三", "customer_id": "0190f000-0000-7000-8000-000000000001"},
    "partner.acme": {"roles": ["partner"], "name": "Acme Partners", "partner_id": "acme"},
}


class Issuer:
    """Signs tokens and publishes its key on a loopback port, as a provider does."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        jwk = json.loads(jwt.algorithms.ECAlgorithm.to_jwk(self._key.public_key()))
        self._keys = json.dumps({"keys": [jwk | {"kid": "tests", "alg": "ES256", "use": "sig"}]}).encode()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def jwks_url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/jwks"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    @functools.lru_cache(maxsize=64)  # noqa: B019 - one issuer lives as long as the test session
    def token(self, person: str) -> str:
        return self.mint(sub=person, **PEOPLE[person])

    def mint(self, *, key=None, **claims: object) -> str:
        """A token with these claims; standard ones are filled in and may be overridden."""
        now = int(time.time())
        standard = {"iss": ISSUER, "aud": AUDIENCE, "iat": now, "exp": now + 3600}
        return jwt.encode(standard | claims, key or self._key, algorithm="ES256", headers={"kid": "tests"})

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        keys = self._keys

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(keys)

            def log_message(self, *_: object) -> None:
                pass

        return Handler
