"""The HTTP edge that all services share: the application, parsing, answers, ETags, idempotency and paging."""

import functools
import hashlib
import logging
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

import orjson
import pymongo.errors
from flask import Blueprint, Flask, Response, current_app, g, request
from marshmallow import Schema, ValidationError
from pymongo import IndexModel
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from shared import aggregates, auth, clock, context, ids, limits, logs, metrics, mongo, problems, tracing
from shared.problems import BadRequest, FieldError, Invalid, NotFound, PreconditionFailed, PreconditionRequired, Problem
from shared.settings import ServiceSettings

logger = logging.getLogger(__name__)

DEFAULT_LIMIT, MAX_LIMIT = 50, 200
MAX_KEY_LENGTH = 200
READY_SECONDS = 1.0
PREPARED_SECONDS = 5.0
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def create_app(
    settings: ServiceSettings, *, blueprints: list[Blueprint], indexes: dict[str, list[IndexModel]] | None = None
) -> Flask:
    """The service's WSGI application, ready when its database is. Refuses to start when a route has no access rule."""
    logs.configure(settings.kebab, settings.log_level)
    tracing.configure(settings.kebab)
    app = Flask(settings.service, static_folder=None)
    app.url_map.strict_slashes = False
    app.extensions["settings"] = settings
    app.extensions["tokens"] = auth.TokenVerifier(settings)
    app.before_request(_begin)
    app.after_request(_finish)
    app.teardown_request(_end)
    for kind in (Problem, ValidationError, HTTPException, pymongo.errors.PyMongoError, Exception):
        app.register_error_handler(kind, _problem_answer)
    for blueprint in [_platform, *blueprints]:
        app.register_blueprint(blueprint)
    _refuse_open_routes(app)
    if indexes:
        app.extensions["prepared"] = mongo.prepare_in_background(mongo.connect(settings), indexes)
    return app


def _refuse_open_routes(app: Flask) -> None:
    open_routes = [rule for rule, view in app.view_functions.items() if not hasattr(view, "access")]
    if open_routes:
        raise RuntimeError(f"These routes have no access rule; add @requires or @public: {open_routes}")


def json_body(schema: Schema) -> dict[str, Any]:
    """The request's JSON object, checked by `schema`. Raises BadRequest or Invalid."""
    return load(schema, json_object())


def content() -> bytes:
    """The request's body. A chunked one that is longer than allowed ends at the limit, where it cannot be told from one of
    just that length; so it must be shorter. Raises RequestEntityTooLarge.
    """
    body = request.get_data(cache=True)
    if request.content_length is None and len(body) >= request.max_content_length:
        raise RequestEntityTooLarge
    return body


def json_object() -> dict[str, Any]:
    """The request's JSON object, of which only the size is checked. Raises BadRequest, TooLarge."""
    if not request.is_json:
        raise problems.UnsupportedMediaType("Send the body as JSON with the header `Content-Type: application/json`.")
    text = content()
    limits.refuse_too_many_nodes(text)
    try:
        body = orjson.loads(text)
    except orjson.JSONDecodeError as problem:
        raise BadRequest(f"The body is not JSON: {problem}. Send one JSON object.", code="not-json") from problem
    if not isinstance(body, dict):
        raise BadRequest("The body must be one JSON object in braces.", code="not-an-object")
    return body


def load(schema: Schema, body: dict[str, Any]) -> dict[str, Any]:
    """Raises Invalid with an entry for every field that breaks a rule."""
    try:
        return schema.load(body)
    except ValidationError as problem:
        raise Invalid(problems.from_marshmallow(problem.normalized_messages())) from problem


def dumps(body: object) -> bytes:
    return orjson.dumps(body, default=_plain, option=orjson.OPT_PASSTHROUGH_DATETIME)


def _plain(value: object) -> object:
    if hasattr(value, "tzinfo"):
        return clock.to_json(value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")


def answer(body: object, status: int = 200, *, version: int | None = None, location: str | None = None) -> Response:
    """A JSON answer; `version` becomes the ETag, for the If-Match of a change.

    It says nothing of what stands in the answer beside the record, such as a customer's name, so no GET is answered 304.
    `location` is a path of this service; the client is told the path at the gateway.
    """
    response = Response(dumps(body), status=status, content_type="application/json")
    if version is not None:
        response.headers["ETag"] = f'"{version}"'
    if location is not None:
        response.headers["Location"] = f"/api/{_settings().kebab}{location}"
    return response


def no_content() -> Response:
    return Response(status=204)


def if_match() -> int | None:
    """The version in If-Match, or None without the header (or with `*`). Raises BadRequest."""
    text = request.headers.get("If-Match")
    if text is None or text.strip() == "*":
        return None
    try:
        return int(text.strip().removeprefix("W/").strip('"'))
    except ValueError as problem:
        raise BadRequest('If-Match must be the ETag of the last read, such as "3".', code="bad-if-match") from problem


def require_if_match() -> int | None:
    """As `if_match`, but the header must be there. Raises PreconditionRequired."""
    if "If-Match" not in request.headers:
        raise PreconditionRequired("Read the record, and send its ETag in the header If-Match with your change.")
    return if_match()


def check_version(aggregate: Any, expected: int | None) -> None:
    """Raises PreconditionFailed unless `expected` is None or the aggregate's version."""
    if expected is not None and aggregate.version != expected:
        raise PreconditionFailed("It was changed by someone else. Read it again and retry.")


def page_args() -> tuple[int, str | None]:
    """`limit` and `cursor` of a list request. Raises Invalid."""
    return whole_arg("limit", most=MAX_LIMIT) or DEFAULT_LIMIT, request.args.get("cursor")


def whole_arg(name: str, *, most: int) -> int | None:
    """A query parameter that must be a whole number from 1 to `most`. Raises Invalid."""
    text = request.args.get(name)
    if text is None:
        return None
    if not (len(text) <= len(str(most)) and text.isascii() and text.isdigit() and 1 <= int(text) <= most):
        raise Invalid([FieldError(name, "range", f"Must be a whole number from 1 to {most}.")])
    return int(text)


def choice_arg(name: str, allowed: tuple[str, ...] | list[str]) -> str | None:
    """A query parameter that must be one of `allowed`. Raises Invalid."""
    value = request.args.get(name)
    if value is not None and value not in allowed:
        raise Invalid([FieldError(name, "one-of", f"Must be one of {', '.join(allowed)}.")])
    return value


def idempotent(
    collection: str, render: Callable[[dict], Response], *, allow: Callable[[dict], None] = lambda document: None
) -> Callable:
    """Honour `Idempotency-Key` on a POST view, below its access decorator.

    The key is stored by the same write as the work, in the document of `collection` that the request makes or changes.
    A repeated request is answered by `render(document)` with that document as it is now, marked `Idempotency-Replayed`,
    unless `allow(document)` raises because it is no longer the caller's to see.
    """

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def once(*args: Any, **kwargs: Any) -> Response:
            text = request.headers.get("Idempotency-Key")
            if text is None:
                return view(*args, **kwargs)
            key = _idempotency_key(text)
            if (document := aggregates.find_by_key(collection, key)) is not None:
                allow(document)
                return _replayed(render(document))
            work = g.work
            work.idempotency_key, work.idempotency_collection = key, collection
            try:
                return view(*args, **kwargs)
            except (Problem, aggregates.Duplicate):
                # A request with the same key may have been faster than this one.
                if (document := aggregates.find_by_key(collection, key)) is not None:
                    allow(document)
                    return _replayed(render(document))
                raise

        once.idempotent = collection
        return once

    return decorate


def idempotent_by(reason: str) -> Callable:
    """Mark a POST view whose repetition is harmless by its own nature; the reason is for the reader."""

    def decorate(view: Callable) -> Callable:
        view.idempotent = reason
        return view

    return decorate


def _idempotency_key(text: str) -> context.IdempotencyKey:
    if not 1 <= len(text) <= MAX_KEY_LENGTH or not text.isprintable():
        raise BadRequest(
            f"Idempotency-Key must have 1 to {MAX_KEY_LENGTH} printable characters.", code="bad-idempotency-key"
        )
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode() + content()).hexdigest()
    return context.IdempotencyKey(key=f"{auth.principal().id}:{text}", request_hash=digest)


def _replayed(response: Response) -> Response:
    response.headers["Idempotency-Replayed"] = "true"
    return response


def _begin() -> None:
    # The proxies `g` and `request` look up the context at every use, so the objects behind them are taken once.
    here, asked = g._get_current_object(), request._get_current_object()
    here.started = time.perf_counter()
    asked.max_content_length = limits.current().body_bytes
    here.route = asked.url_rule.rule if asked.url_rule else "unknown"
    here.request_id = asked.headers.get("X-Request-Id", "")[:100] or ids.new_id()
    here.span = tracing.RequestSpan(f"{asked.method} {here.route}", asked.headers.get("traceparent"))
    here.work = context.Work(correlation_id=here.request_id, traceparent=here.span.traceparent)
    here.work_token = context.begin(here.work)
    here.database = mongo.bind(mongo.connect(_settings()))
    here.database.__enter__()
    if asked.blueprint not in (None, _platform.name):
        _refuse_until_prepared(PREPARED_SECONDS)


def _refuse_until_prepared(within_seconds: float = 0) -> None:
    """Raises Unavailable: what is written before the unique indexes are there could be written twice."""
    prepared = current_app.extensions.get("prepared")
    if prepared and not prepared.is_set() and not prepared.wait(within_seconds):
        raise problems.Unavailable("The service is waiting for its database to start. Send the same request again.")


def _settings() -> ServiceSettings:
    return current_app.extensions["settings"]


def _finish(response: Response) -> Response:
    here = g._get_current_object()
    method = request.method if request.method in METHODS else "other"
    response.headers["X-Request-Id"] = here.request_id
    response.headers.setdefault("Cache-Control", "no-store")
    seconds = time.perf_counter() - here.started
    count, duration = _request_metrics(_settings().kebab, method, here.route, response.status_code)
    count.inc()
    duration.observe(seconds)
    if response.status_code >= 400:
        logger.info(
            "request_refused",
            extra={
                "method": method,
                "route": here.route,
                "status": response.status_code,
                "ms": round(seconds * 1e3),
                "caller": caller.id if (caller := here.get("principal")) is not None else None,
            },
        )
    return response


@functools.cache
def _request_metrics(service: str, method: str, route: str, status: int):
    """The two series of this route; there are as many as routes and statuses, so none is ever forgotten."""
    return (
        metrics.http_requests.labels(service, method, route, status),
        metrics.http_seconds.labels(service, method, route),
    )


def _end(_: BaseException | None) -> None:
    if (bound := g.pop("database", None)) is not None:
        bound.__exit__(None, None, None)
    if (token := g.pop("work_token", None)) is not None:
        context.end(token)
    if (span := g.pop("span", None)) is not None:
        span.end()


def _problem_answer(error: Exception) -> Response:
    problem = _as_problem(error)
    body = problem.body() | {"request_id": g.get("request_id", "")}
    response = Response(dumps(body), status=problem.status, content_type="application/problem+json")
    response.headers.update(problem.headers)
    return response


def _as_problem(error: Exception) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, ValidationError):
        return Invalid(problems.from_marshmallow(error.normalized_messages()))
    if isinstance(error, HTTPException):
        return _from_http(error)
    if isinstance(error, aggregates.Duplicate):
        return problems.Conflict(
            "Another record already has this value. Use another one, or change the existing record.", code="duplicate"
        )
    if isinstance(error, pymongo.errors.PyMongoError) and _is_passing(error):
        logger.warning("database_unavailable", exc_info=error)
        return problems.Unavailable(
            "The database does not answer in time. Send the same request with the same Idempotency-Key again."
        )
    logger.error("request_failed", exc_info=error)
    return Problem("The service failed. The failure is logged under this request id; report it if it stays.")


def _is_passing(error: pymongo.errors.PyMongoError) -> bool:
    return (
        error.timeout
        or isinstance(error, pymongo.errors.ConnectionFailure | pymongo.errors.WTimeoutError)
        or error.has_error_label("TransientTransactionError")
        or error.has_error_label("RetryableWriteError")
        or bool(isinstance(error, pymongo.errors.BulkWriteError) and error.details.get("writeConcernErrors"))
    )


def _from_http(error: HTTPException) -> Problem:
    if error.code == 404:
        return NotFound("There is nothing at this address. Check the path against the API description.")
    if error.code == 405:
        allowed = ", ".join(sorted(getattr(error, "valid_methods", None) or []))
        return problems.MethodNotAllowed(f"This address supports {allowed}.", headers={"Allow": allowed})
    if error.code == 413:
        return problems.TooLarge(f"Send at most {limits.current().body_bytes // 1024:,} KiB at once, in several parts.")
    if error.code == 415:
        return problems.UnsupportedMediaType("Send JSON with the header `Content-Type: application/json`.")
    if error.code is not None and 400 <= error.code < 500:
        return BadRequest(error.description or "The request cannot be read.")
    logger.error("request_failed", exc_info=error)
    return Problem("The service failed. The failure is logged under this request id; report it if it stays.")


_platform = Blueprint("platform", __name__)


@_platform.get("/livez")
@auth.public("probe: this process answers")
def livez() -> Response:
    return answer({"status": "alive"})


@_platform.get("/readyz")
@auth.public("probe: this process can do its work")
def readyz() -> Response:
    with pymongo.timeout(READY_SECONDS):
        mongo.database().command("ping")
    _refuse_until_prepared()
    return answer({"status": "ready"})


@_platform.get("/metrics")
@auth.public("scraped inside the cluster; the gateway does not route it")
def exposition() -> Response:
    return Response(metrics.exposition(), content_type="text/plain; version=0.0.4; charset=utf-8")


@_platform.get("/v1/me")
@auth.requires({role: "own" for role in auth.ROLES})
def me() -> Response:
    caller = auth.principal()
    return answer(
        {
            "id": caller.id,
            "name": caller.name,
            "roles": sorted(caller.roles),
            "team": caller.team,
            "territory": caller.territory,
            "partner_id": caller.partner_id,
            "customer_id": caller.customer_id,
        }
    )
