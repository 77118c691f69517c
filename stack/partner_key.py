"""Makes an API key for a demo partner, through the gateway like any administrator would."""

import json
import urllib.error
import urllib.request

from stack import identity
from stack.environments import Environment


def create(environment: Environment, partner: str) -> str:
    """A new key of the partner with this id or name. Raises LookupError when there is no such partner."""
    known = _call(environment, "GET", "/api/sales/v1/partners?limit=200")["items"]
    found = next((one for one in known if partner in (one["id"], one["name"])), None)
    if found is None:
        names = "\n".join(f"  {one['id']}  {one['name']}" for one in known) or "  (none; make up loads them)"
        raise LookupError(f"There is no partner {partner!r}. There are:\n{names}")
    return _call(environment, "POST", f"/api/sales/v1/partners/{found['id']}/keys")["key"]


def _call(environment: Environment, method: str, path: str) -> dict:
    request = urllib.request.Request(environment.gateway_url + path, method=method)
    request.add_header("Host", environment.public_host)
    request.add_header("Authorization", f"Bearer {identity.token(environment, 'admin.root')}")
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as problem:
        raise LookupError(f"{method} {path} answered {problem.code}: {problem.read().decode()}") from problem
    except urllib.error.URLError as problem:
        raise LookupError(f"{environment.gateway_url} does not answer. Start the suite first: make up") from problem
