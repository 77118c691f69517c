"""Errors for people and programs: RFC 9457 problem details that name the field, the rule and the next step."""

import itertools
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from shared import ids

MAX_ERRORS = 50
MAX_ERRORS_BYTES = 12 * 1024
"""Leaves room for the rest of the answer, which stays under 16 KiB."""
MAX_DETAIL = 2_000
MAX_FIELD, MAX_MESSAGE = 200, 500


@dataclass(frozen=True)
class FieldError:
    """`field` is a dotted path in the request, such as `phones.0.number`; `rule` is a kebab-case word."""

    field: str
    rule: str
    message: str


class Broken(str):
    """The message for a field, with the name of the rule that it breaks, for checks that can only hand on a text."""

    rule: str

    def __new__(cls, rule: str, message: str) -> "Broken":
        said = super().__new__(cls, message)
        said.rule = rule
        return said


class Problem(Exception):
    """An answer other than success. `code` says what is wrong in kebab-case; `detail` names the rule and the next step."""

    status = 500
    code = "internal-error"
    title = "Something went wrong"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        errors: Sequence[FieldError] = (),
        headers: dict[str, str] | None = None,
        extra: dict[str, object] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or type(self).code
        self.errors = list(errors)
        self.headers = headers or {}
        self.extra = extra or {}

    def body(self) -> dict[str, object]:
        body: dict[str, object] = {
            "type": f"/problems/{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail[:MAX_DETAIL],
            "code": self.code,
        }
        if self.errors:
            body["errors"] = told(self.errors)
        return body | self.extra


def told(errors: Sequence[FieldError]) -> list[dict[str, str]]:
    """The first errors as an answer tells them: at most `MAX_ERRORS`, and at most `MAX_ERRORS_BYTES` in all."""
    found, room = [], MAX_ERRORS_BYTES
    for error in errors[:MAX_ERRORS]:
        entry = asdict(error) | {"field": error.field[:MAX_FIELD], "message": error.message[:MAX_MESSAGE]}
        room -= len(json.dumps(entry, ensure_ascii=False).encode())
        if room < 0 and found:
            break
        found.append(entry)
    return found


class BadRequest(Problem):
    status, code, title = 400, "bad-request", "The request cannot be read"


class Unauthorized(Problem):
    status, code, title = 401, "not-authenticated", "Authentication is needed"


class Forbidden(Problem):
    status, code, title = 403, "not-allowed", "Your role does not allow this"


class NotFound(Problem):
    status, code, title = 404, "not-found", "Not found"


class MethodNotAllowed(Problem):
    status, code, title = 405, "method-not-allowed", "This address does not support the method"


class Conflict(Problem):
    status, code, title = 409, "conflict", "The current state does not allow this"


class PreconditionFailed(Problem):
    status, code, title = 412, "version-mismatch", "It was changed by someone else"


class TooLarge(Problem):
    status, code, title = 413, "too-large", "The request is too large"


class UnsupportedMediaType(Problem):
    status, code, title = 415, "unsupported-media-type", "The request has a content type that is not supported"


class Invalid(Problem):
    """One or more fields break a rule."""

    status, code, title = 422, "invalid-fields", "Some fields are not valid"

    def __init__(self, errors: Sequence[FieldError], *, code: str | None = None) -> None:
        named = "; ".join(f"{error.field[:MAX_FIELD]}: {error.message}" for error in errors[:3])
        super().__init__(f"{named} Correct the listed fields and send the request again.", code=code, errors=errors)


class PreconditionRequired(Problem):
    status, code, title = 428, "if-match-required", "If-Match is needed"


class TooManyRequests(Problem):
    status, code, title = 429, "too-many-requests", "Too many requests"


class Unavailable(Problem):
    """Something that this service needs is down for the moment; `retry_after` is in seconds."""

    status, code, title = 503, "unavailable", "Not available for the moment"

    def __init__(self, detail: str, *, retry_after: int = 5, code: str | None = None) -> None:
        super().__init__(detail, code=code, headers={"Retry-After": str(retry_after)})


def from_marshmallow(messages: object) -> list[FieldError]:
    """The first `MAX_ERRORS` of marshmallow's nested error messages as a flat list."""
    return list(itertools.islice(_flattened(messages, ""), MAX_ERRORS))


def _flattened(messages: object, prefix: str) -> Iterator[FieldError]:
    if isinstance(messages, dict):
        for name, nested in messages.items():
            yield from _flattened(nested, prefix if name == "_schema" else f"{prefix}.{name}".lstrip("."))
    elif isinstance(messages, list):
        for nested in messages:
            yield from _flattened(nested, prefix)
    else:
        text = str(messages)
        rule = messages.rule if isinstance(messages, Broken) else _RULES.get(text, "invalid")
        yield FieldError(field=prefix or "body", rule=rule, message=text)


_RULES = {
    "Not a valid string.": "string",
    "Missing data for required field.": "required",
    "Unknown field.": "unknown-field",
    "Field may not be null.": "not-null",
    ids.PATH_RULE: "path-segment",
}
