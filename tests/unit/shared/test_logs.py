"""Logs: what a database error carries may be personal and is never written."""

import json
import logging
import sys

from pymongo.errors import BulkWriteError

from shared.logs import JsonFormatter


def logged(problem: Exception) -> dict:
    try:
        try:
            raise problem
        except Exception as cause:
            raise ValueError("refused") from cause
    except ValueError:
        record = logging.LogRecord("shared.http", logging.ERROR, "", 1, "request_failed", None, sys.exc_info())
    return json.loads(JsonFormatter("sales").format(record))


def test_an_exception_is_logged_with_its_place_and_its_cause():
    line = logged(KeyError("amount"))

    assert "ValueError('refused')" in line["exception"]
    assert "KeyError('amount')" in line["exception"]
    assert "test_logs.py" in line["exception"]


def test_the_document_in_a_database_error_is_not_logged():
    failed = {"index": 0, "code": 121, "errmsg": "ann@example.com", "op": {"email": "ann@example.com"}}

    text = logged(BulkWriteError({"writeErrors": [failed], "writeConcernErrors": []}))["exception"]

    assert "BulkWriteError(code=65)" in text
    assert "ann@" not in text
