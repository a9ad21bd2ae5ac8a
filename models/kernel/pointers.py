"""JSON pointers (RFC 6901)."""

from collections.abc import Iterable

NAME_CHARACTERS_MAX = 40
"""What a message shows of a member's name that the request made up."""


def escape(token: str) -> str:
    """One reference token as it stands in a pointer."""
    return token.replace("~", "~0").replace("/", "~1")


def unescape(token: str) -> str:
    """The name of a member, from its token in a pointer."""
    return token.replace("~1", "/").replace("~0", "~")


def shortened(name: str) -> str:
    """A name that the request made up, and that may be as long as a request."""
    return name if len(name) <= NAME_CHARACTERS_MAX else f"{name[:NAME_CHARACTERS_MAX]}..."


def shortened_pointer(path: Iterable[str | int]) -> str:
    """The pointer as a message shows it: long names are cut."""
    return pointer_of(shortened(step) if isinstance(step, str) else step for step in path)


def pointer_of(path: Iterable[str | int]) -> str:
    """The pointer of the value at a path of names and places; empty for the whole value."""
    return "".join(f"/{escape(str(step))}" for step in path)
