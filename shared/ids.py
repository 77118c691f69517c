"""Identifiers: our own are UUID version 7 (RFC 9562), so that ids sort by the time they were made."""

import uuid_utils

PATH_RULE = "Use visible characters and blanks without / and \\, and not . or .. alone: the id is part of an address."


def new_id() -> str:
    return str(uuid_utils.uuid7())


def fits_a_path(id: str) -> bool:
    """True for an id of somebody else's that can be a segment of a URL's path.

    Gateways refuse an escaped slash, and take `.` and `..` for steps in the path (RFC 3986, 5.2.4).
    """
    return id.isprintable() and not {"/", "\\"} & set(id) and id not in (".", "..")
