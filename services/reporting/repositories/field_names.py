"""Names of fields in MongoDB made from ids and codes."""

_NOT_ALLOWED = str.maketrans({"%": "%25", ".": "%2E", "$": "%24", "\0": "%00"})


def key_of(id: str) -> str:
    """The id as a field name. Raises ValueError for an empty one."""
    if not id:
        raise ValueError("an empty id")
    return id.translate(_NOT_ALLOWED)


def id_of(key: str) -> str:
    return key.replace("%00", "\0").replace("%24", "$").replace("%2E", ".").replace("%25", "%")
