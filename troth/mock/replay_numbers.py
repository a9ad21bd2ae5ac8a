"""Ids that are numbers, in a replay: which number of the replayed run stands for which number of the recorded one.

Small numbers say nothing by themselves (5 is a member, a campaign and a limit), so they are kept by the kind of thing
that they name: the member of JSON that has them (`memberId`), the object or the list that an `id` is in, or the segment
of the address before them (`/members/5`).
"""

from __future__ import annotations

import re
from typing import Any

LARGE_MIN = 1 << 20
"""From here on a number is nobody else's: numbers of orders and transactions have more digits than what is counted."""
ID = "id"
_OF_AN_ID = re.compile(r"(^|_)ids?$|[a-z]Ids?$")
_ENDING = re.compile(r"_?ids?$", re.IGNORECASE)
_DIGITS = re.compile(r"[0-9]{1,19}")
Kind = str


def is_name_of_id(name: str) -> bool:
    """Whether a member or parameter of this name holds ids."""
    return _OF_AN_ID.search(name) is not None


def kind_of(name: str) -> Kind:
    """What a name is about: `memberId`, `member_ids`, `members` and `Member` are all `member`."""
    word = (_ENDING.sub("", name) if is_name_of_id(name) else name).replace("-", "").replace("_", "").lower()
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


class Numbers:
    """The numbers of the replayed run, by kind and recorded number."""

    def __init__(self) -> None:
        self._by_kind: dict[Kind, dict[int, int]] = {}
        self._large: dict[int, int] = {}

    def learn(self, kind: Kind, recorded: int, value: int) -> bool:
        """Whether a number can stand for a recorded one: it is the first that does, or the one that has done so
        before.
        """
        known = self.known(kind, recorded)
        if known is not None:
            return known == value
        self._by_kind.setdefault(kind, {})[recorded] = value
        if recorded >= LARGE_MIN:
            self._large[recorded] = value
        return True

    def known(self, kind: Kind, recorded: int) -> int | None:
        """The number in the replay for a recorded number of a kind, or of one whose name ends in the same way
        (`eventtrigger`, `trigger`); None for an unknown one.
        """
        if recorded in self._large:
            return self._large[recorded]
        exact = self._by_kind.get(kind, {}).get(recorded)
        if exact is not None:
            return exact
        candidates = {
            numbers[recorded]
            for other, numbers in self._by_kind.items()
            if recorded in numbers and other and kind and (other.endswith(kind) or kind.endswith(other))
        }
        return candidates.pop() if len(candidates) == 1 else None

    def in_value(self, value: Any, name: str, kind: Kind) -> Any:
        """JSON with the numbers of this run; `name` is the member that it is in, `kind` what an `id` in it names."""
        if isinstance(value, dict):
            return {member: self.in_value(one, member, self.inner_kind(member, kind)) for member, one in value.items()}
        if isinstance(value, list):
            return [self.in_value(one, name, kind) for one in value]
        if isinstance(value, int) and not isinstance(value, bool) and is_name_of_id(name):
            return self._or_same(kind, value)
        return value

    @staticmethod
    def inner_kind(member: str, outer: Kind) -> Kind:
        """What a number or an `id` in a member names: what the member is called after, or with a bare `id` what is
        around it.
        """
        return kind_of(member) or outer

    def in_path(self, path: str) -> str:
        """A path with the numbers of this run: each segment of digits is named by the one before it."""
        segments = path.split("/")
        for place in range(1, len(segments)):
            if _DIGITS.fullmatch(segments[place]):
                segments[place] = str(self._or_same(kind_of(segments[place - 1]), int(segments[place])))
        return "/".join(segments)

    def in_query(self, query: str, path: str) -> str:
        """A query with the numbers of this run: values of parameters that are ids, one or several with commas between
        them.
        """
        pairs = (pair.partition("=") for pair in query.split("&")) if query else ()
        return "&".join(
            f"{name}{equals}{self._in_list(value, kind_of(name) or thing_of(path)) if is_name_of_id(name) else value}"
            for name, equals, value in pairs
        )

    def _in_list(self, text: str, kind: Kind) -> str:
        return _DIGITS.sub(lambda found: str(self._or_same(kind, int(found[0]))), text)

    def _or_same(self, kind: Kind, recorded: int) -> int:
        known = self.known(kind, recorded)
        return recorded if known is None else known


def thing_of(path: str) -> Kind:
    """What the last segment of a path that is no number names."""
    named = [segment for segment in path.split("/") if segment and not _DIGITS.fullmatch(segment)]
    return kind_of(named[-1]) if named else ""
