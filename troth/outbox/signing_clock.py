"""Whose time the signature of a delivery carries.

Verifiers refuse what was signed more than some minutes ago by their own clock, which is wall time; a sandbox's clock
may stand still or be months ahead. So what leaves for an outside address is signed with wall time. What goes to the
built-in inbox has the sandbox's, so that its bytes repeat with the seed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.kernel.clock import wall_ms

if TYPE_CHECKING:
    from troth.runtime import Runtime

INBOX = "/_troth/inbox/"


def signing_ms(runtime: Runtime, url: str, sandbox_ms: int) -> int:
    """The instant (ms) to sign a delivery to an address with, where `sandbox_ms` is the present on its sandbox's
    clock.
    """
    clock = runtime.settings.webhook_clock
    if clock == "auto":
        clock = "sandbox" if is_inbox(runtime, url) else "wall"
    return sandbox_ms if clock == "sandbox" else wall_ms()


def is_inbox(runtime: Runtime, url: str) -> bool:
    """Whether an address is the built-in inbox of this mock; all others are outside."""
    return runtime.mock and url.startswith(f"{runtime.public_url}{INBOX}")
