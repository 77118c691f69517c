"""Errors for people and programs: RFC 9457 problem details that name the field, the rule and the next step."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class FieldError:
    """`field` is a dotted path in the request, such as `phones.0.number`; `rule` is a kebab-case word."""

    field: str
    rule: str
    message: str


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
            "detail": self.detail,
            "code": self.code,
        }
        if self.errors:
            body["errors"] = [asdict(error) for error in self.errors]
        return body | self.extra


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
        named = "; ".join(f"{error.field}: {error.message}" for error in errors[:3])
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


def from_marshmallow(messages: object, prefix: str = "") -> list[FieldError]:
    """marshmallow's nested error messages as a flat list."""
    if isinstance(messages, dict):
        return [
            error
            for name, nested in messages.items()
            for error in from_marshmallow(nested, prefix if name == "_schema" else f"{prefix}.{name}".lstrip("."))
        ]
    if isinstance(messages, list):
        return [error for nested in messages for error in from_marshmallow(nested, prefix)]
    text = str(messages)
    return [FieldError(field=prefix or "body", rule=_RULES.get(text, "invalid"), message=text)]


_RULES = {
    "Missing data for required field.": "required",
    "Unknown field.": "unknown-field",
    "Field may not be null.": "not-null",
}
