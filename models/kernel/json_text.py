"""JSON text as it is stored, sent and compared.

orjson writes, and the standard library what orjson refuses: integers beyond 64 bits. The standard library reads what
was stored, since orjson would turn such integers into floats without an error.
"""

import json

import orjson

_SORTED = orjson.OPT_SORT_KEYS


def dump_bytes(value: object, *, sort_keys: bool = False) -> bytes:
    """The JSON text of a value in UTF-8, without spaces; with members in the order of their names if `sort_keys`.

    Raises TypeError for what JSON does not have.
    """
    try:
        return orjson.dumps(value, option=_SORTED if sort_keys else None)
    except TypeError as error:
        if "64-bit" not in str(error):
            raise
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=sort_keys).encode()


def dumps(value: object) -> str:
    """The JSON text of a value, without spaces. Raises TypeError for what JSON does not have."""
    return dump_bytes(value).decode()


loads = json.loads
