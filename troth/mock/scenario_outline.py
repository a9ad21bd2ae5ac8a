"""What a project of a scenario file may have: checked before anything is made of it, so that a typing error does not
pass unnoticed.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config
from typing_extensions import TypedDict

from models.kernel.settings import reasons

if TYPE_CHECKING:
    from troth.runtime import Runtime

ENVIRONMENTS = ("live", "test")


def check_project(runtime: Runtime, project: Any) -> None:
    """Raises ValueError for a name that means nothing, a value of another type, or an environment that the API does not
    have.
    """
    _check("", project, _OfAnApi)
    provision = runtime.domain(project["api"]).provision
    _check("", project, provision.Project)
    known = provision.environments("")
    given = [name for name in ENVIRONMENTS if name in project]
    if unknown := set(given) - known.keys():
        raise ValueError(
            f"{', '.join(sorted(unknown))}: {project['api']} has no such environment, only {', '.join(known)}"
        )
    if not given:
        raise ValueError(f"an environment is missing: {' or '.join(known)}")
    for name in given:
        _check(name, project[name], provision.Environment)


def _check(what: str, given: Any, kind: type) -> None:
    adapter = _adapter(kind)
    try:
        adapter.validate_python(given)
    except ValidationError as error:
        raise ValueError(reasons(what, error, adapter).removeprefix(": ")) from error


@with_config(ConfigDict(strict=True, extra="allow"))
class _OfAnApi(TypedDict):
    """A project before it is known which names its API knows."""

    api: str


@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
