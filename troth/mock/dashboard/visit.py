"""A request for a page: whose sandbox it is about, and from where its addresses begin."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from handlers.control.problems import NoSandboxes
from troth import __version__
from troth.mock.sandboxes import MAIN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from troth.mock.dashboard.reading import ControlPlane
    from troth.mock.journal import Journal
    from troth.runtime import Runtime

FILTERS = ("api", "status", "text")


@dataclass(slots=True)
class Visit:
    """What every page knows."""

    runtime: Runtime
    documents: Mapping[str, dict[str, Any]]
    root: str
    """What addresses of this sandbox begin with: nothing, or `/sandbox/ID`."""
    query: Mapping[str, str]
    control: ControlPlane
    clock: dict[str, Any] = field(default_factory=dict)
    version: str = __version__

    async def begin(self) -> None:
        """Read what every page shows.

        Raises RefusedError, also for a host that the control plane does not answer to.
        """
        self.clock = await self.control.get("/clock")

    @property
    def sandbox(self) -> str:
        """The id of the sandbox."""
        box = self.runtime.services.get("sandbox")
        return MAIN if box is None else cast("str", box.id)

    @property
    def outer(self) -> str:
        """What addresses of all sandboxes begin with."""
        return self.root.removesuffix(f"/sandbox/{self.sandbox}")

    @property
    def sandboxes(self) -> list[tuple[str, str]]:
        """Id and root of each sandbox; none where there can be no others."""
        try:
            boxes = self.runtime.services["sandboxes"].all()
        except NoSandboxes:
            return []
        # A page that was opened at a sandbox's own host has no root, and needs an address for the main one.
        main = f"{self.outer}/sandbox/{MAIN}" if self.sandbox != MAIN and not self.root else self.outer
        return [(box.id, main if box.id == MAIN else f"{self.outer}/sandbox/{box.id}") for box in boxes]

    @property
    def journal(self) -> Journal | None:
        """The journal of the sandbox; None where it is off."""
        return cast("Journal | None", self.runtime.services.get("journal"))

    @property
    def filters(self) -> dict[str, str]:
        """Which calls of the journal are asked for."""
        return {name: self.query[name] for name in FILTERS if self.query.get(name)}

    @property
    def titles(self) -> dict[str, str]:
        """The titles of the APIs that have tenants, by name."""
        names = [api.name for api in self.runtime.apis if api.domain is not None]
        return {name: self.documents[name]["info"]["title"] for name in names if name in self.documents}
