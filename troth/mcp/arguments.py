"""Arguments that several tools take, as they are described to clients."""

from typing import Annotated, Any

from pydantic import Field

from troth.mock.remote import Json

Sandbox = Annotated[str, Field(description="Id of the sandbox; `main` is the one that the mock started with.")]
Operation = Annotated[str, Field(description="Id of the operation, e.g. `openUserUpsert`.")]
OfApi = Annotated[str | None, Field(description="`saasquatch`, `advocacy`, `leat` or `loyalty_core`.")]
Limit = Annotated[int, Field(description="So many at most.", ge=1, le=1000)]


def only(**members: Any) -> Json:
    """The members that are given."""
    return {name: value for name, value in members.items() if value is not None}
