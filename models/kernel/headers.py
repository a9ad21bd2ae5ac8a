"""Validation of headers that callers choose: valid names and values, no duplicates, and none that the sender sets
itself.
"""

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"}
)
"""Headers about one connection, and not about the message (RFC 9110, section 7.6.1)."""
HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}")
"""A token (RFC 9110, section 5.6.2)."""


class HeaderFault(NamedTuple):
    """Why headers cannot be taken."""

    code: str
    message: str


def header_fault(
    headers: Mapping[str, str], reserved: Collection[str], prefix: str | None = None
) -> HeaderFault | None:
    """What is wrong with headers: one that cannot be sent, one of the sender's own, or one that is given twice; None
    for nothing.

    The sender's own are those of these names, in lower case, and those that start with the prefix.
    """
    for name, value in headers.items():
        if not HEADER_NAME.fullmatch(name) or value != value.strip() or not (value.isascii() and value.isprintable()):
            return HeaderFault(
                "HEADER_INVALID",
                f"The header {name!r} must have a name of RFC 9110 and a value of printable ASCII without blanks around it.",
            )
    names = [name.lower() for name in headers]
    taken = sorted(name for name in names if name in reserved or (prefix and name.startswith(prefix)))
    if taken:
        message = f"These headers are set by the sender and must be left out: {', '.join(taken)}."
        return HeaderFault("HEADER_RESERVED", message)
    if len(set(names)) < len(names):
        return HeaderFault("HEADER_REPEATED", "Names of headers must be unique, in upper and lower case alike.")
    return None
