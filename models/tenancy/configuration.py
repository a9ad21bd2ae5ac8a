"""What seldom changes of a tenant (its programs, triggers, campaigns), kept between units of work.

A part has a version, which is raised when a unit that has changed it has committed. What a unit has read before that is
not kept, so that this process sees a change at once. Other processes see it when what they keep is too old, which is
after a second.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from models.kernel.clock import monotonic_s

KEPT_S = 1.0
PARTS_MAX = 10_000
"""Parts that are kept, of all tenants together."""

ENTRIES_MAX = 1_000
"""Entries of one part that are kept."""

Key = tuple[int, str]
"""A tenant's id, and the name of a part."""


@dataclass(slots=True)
class Entries:
    """What is kept of a part that is read entry by entry.

    It belongs to one version of the part: once that has changed, nobody finds it any more.
    """

    values: dict[Any, Any] = field(default_factory=dict)


class Configuration:
    """The parts that are kept. It is used by several threads: each step is one operation on a dictionary."""

    def __init__(self, kept_s: float = KEPT_S, now_s: Callable[[], float] = monotonic_s) -> None:
        self._kept_s, self._now_s = kept_s, now_s
        self._parts: dict[Key, tuple[float, Any]] = {}
        self._versions: dict[Key, int] = {}

    def get(self, key: Key) -> Any:
        """A part that was kept less than a second ago, else None."""
        kept = self._parts.get(key)
        return kept[1] if kept is not None and kept[0] > self._now_s() else None

    def version(self, key: Key) -> int:
        """The version of a part: read it before the part itself."""
        return self._versions.get(key, 0)

    def keep(self, key: Key, version: int, value: object) -> None:
        """Keep a part that was read under a version, unless it has changed since."""
        if len(self._parts) >= PARTS_MAX:
            self._parts.clear()
        self._parts[key] = (self._now_s() + self._kept_s, value)
        if self.version(key) != version:
            self._parts.pop(key, None)

    def entries(self, key: Key) -> Entries:
        """What is kept of a part that is read entry by entry."""
        found: Entries | None = self.get(key)
        if found is None:
            found = Entries()
            self.keep(key, self.version(key), found)
        return found

    def keep_entries(self, entries: Entries, values: Mapping[object, object]) -> None:
        """Keep entries that were read after `entries` was asked for.

        Where the part has changed since, `entries` is not found any more, so that an old value of it is not either.
        """
        if len(entries.values) + len(values) <= ENTRIES_MAX:
            entries.values.update(values)

    def changed(self, key: Key) -> None:
        """Raise the version of a part: a unit that has changed it has committed."""
        self._versions[key] = self.version(key) + 1
        self._parts.pop(key, None)

    def forget(self) -> None:
        """Drop everything; versions stay."""
        self._parts.clear()
