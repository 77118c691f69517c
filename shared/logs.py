"""Logs: one JSON object a line, with the ids of the request, event and trace that it belongs to."""

import logging
import sys
import traceback
from datetime import UTC, datetime

import orjson
from pymongo.errors import OperationFailure

from shared import context

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


MAX_CAUSES = 5


class JsonFormatter(logging.Formatter):
    """Everything passed in `extra=` becomes a field of its own."""

    def __init__(self, service: str) -> None:
        super().__init__()
        self.service = service

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "service": self.service,
            "logger": record.name,
            "event": record.getMessage(),
        }
        work = context.current()
        if work is not None:
            line["correlation_id"] = work.correlation_id
            if work.causation_id:
                line["event_id"] = work.causation_id
            if work.traceparent:
                line["trace_id"] = work.traceparent.split("-")[1]
        line |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()

    def formatException(self, exc_info) -> str:
        """The problem and what led to it, the first cause last."""
        parts, problem = [], exc_info[1]
        while problem is not None and len(parts) < MAX_CAUSES:
            parts.append("".join(traceback.format_tb(problem.__traceback__)) + told(problem))
            problem = problem.__cause__ or (None if problem.__suppress_context__ else problem.__context__)
        return "\n\ncaused by\n\n".join(parts)


def told(problem: BaseException) -> str:
    """A problem in words, without the documents and values that database errors carry: they may be personal."""
    if isinstance(problem, OperationFailure):
        return f"{type(problem).__name__}(code={problem.code})"
    return repr(problem)[:500]


class StandardOutput(logging.StreamHandler):
    """Writes to what standard output is at that moment, also where it was redirected after the start."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self):
        return sys.stdout


def configure(service: str, level: str = "INFO") -> None:
    """Send all logs of this process to standard output."""
    root = logging.getLogger()
    for handler in [handler for handler in root.handlers if isinstance(handler, StandardOutput)]:
        root.removeHandler(handler)
    handler = StandardOutput()
    handler.setFormatter(JsonFormatter(service))
    root.addHandler(handler)
    root.setLevel(level)
    for noisy in ("kafka", "pymongo", "werkzeug"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelName(level)))
