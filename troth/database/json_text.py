"""JSON columns as text. The fast library writes; integers beyond 64 bits, which it refuses, are written by the standard one.

The standard library reads: the fast one would turn integers beyond 64 bits into floats without a word.
"""

import json
from typing import Any

import orjson


def dumps(value: Any) -> str:
    """The JSON text of a value."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


loads = json.loads
