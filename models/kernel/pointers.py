"""JSON pointers (RFC 6901)."""

from collections.abc import Iterable


def escape(token: str) -> str:
    """One reference token as it stands in a pointer."""
    return token.replace("~", "~0").replace("/", "~1")


def unescape(token: str) -> str:
    """The name of a member, from its token in a pointer."""
    return token.replace("~1", "/").replace("~0", "~")


def pointer_of(path: Iterable[str | int]) -> str:
    """The pointer of the value at a path of names and places; empty for the whole value."""
    return "".join(f"/{escape(str(step))}" for step in path)
