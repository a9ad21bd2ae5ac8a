"""Types of JSON as the domain answers and keeps it. What a request sends has a TypedDict where it is read."""

from typing import TypeAlias

Shown: TypeAlias = dict[str, object]
"""A JSON object made by a view, for an answer or an event. The domain hands it on and reads nothing back from it."""

FreeForm: TypeAlias = dict[str, object]
"""A JSON object whose members a contract leaves open: kept and answered as it came."""
