"""Partial indexes: only documents that have a value are in them, so the others cost nothing."""


def having(field: str) -> dict:
    """The documents in which `field` is a text.

    MongoDB uses the index for `{field: "a text"}` only because `$gt` says so; with `{"$type": "string"}` it would not.
    """
    return {field: {"$gt": ""}}
