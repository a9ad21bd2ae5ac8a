"""Scenario files: tenants, their configuration, and the data they start with.

A scenario is a YAML file (see fixtures/scenarios/demo.yaml). In mock mode its keys are the ones it names; anywhere else
`troth load` makes fresh ones, so that a published key never opens a served database.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from sqlalchemy.exc import DBAPIError

from models.kernel.connection import LazyConnection
from models.tenancy.sandboxes import MAIN
from models.tenancy.tenants import change_settings, list_tenants
from models.uow import UnitOfWork
from troth.apis import api_names
from troth.mock.scenario_outline import ENVIRONMENTS, check_project
from troth.paths import ROOT
from troth.starting import CannotStart

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from troth.runtime import Runtime

SCENARIOS = ROOT / "fixtures" / "scenarios"
TEMPLATE = ROOT / "fixtures" / "troth.yaml"
"""What `troth init` writes."""
PROJECT_FILE = "troth.yaml"
"""The scenario of a project, in the folder where `troth mock` is started."""
DEFAULT = "demo"


class ScenarioError(CannotStart):
    """A scenario cannot be loaded; says which file and why."""


@dataclass
class Loaded:
    """What a scenario made: for each tenant its API, alias, environment, credentials and numbers of rows."""

    tenants: list[dict[str, Any]] = field(default_factory=list)


def default_scenario() -> str:
    """The scenario of a mock for which none is named: the present folder's own, or the demo."""
    return PROJECT_FILE if Path(PROJECT_FILE).is_file() else DEFAULT


def find_scenario(name: str) -> Path:
    """A scenario by its name (`demo`) or by a path to a file."""
    path = Path(name)
    if path.suffix in (".yaml", ".yml", ".json"):
        if not path.is_file():
            raise ScenarioError(f"{name}: no such file")
        return path
    path = SCENARIOS / f"{name}.yaml"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in SCENARIOS.glob("*.yaml")))
        raise ScenarioError(f"{name}: no such scenario; there are {known}, or give the path of a .yaml file")
    return path


def read_scenario(path: Path) -> dict[str, Any]:
    """A scenario file's content, checked for its outline."""
    try:
        loaded = yaml.load(path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506  both are safe loaders
    except (OSError, UnicodeError) as error:
        raise ScenarioError(f"{path}: {error}") from error
    except yaml.YAMLError as error:
        raise ScenarioError(f"{path}: {_place_and_reason(error)}") from error
    if not isinstance(loaded, dict) or not isinstance(loaded.get("projects"), list):
        raise ScenarioError(f"{path}: a scenario is a mapping with a list of projects")
    if unknown := sorted(map(str, loaded.keys() - {"name", "projects"})):
        raise ScenarioError(f"{path}: {', '.join(unknown)}: not known; a scenario has a name and projects")
    return loaded


def _place_and_reason(error: yaml.YAMLError) -> str:
    """Why a file is not YAML, in one line."""
    mark = getattr(error, "problem_mark", None)
    reason = " ".join(str(getattr(error, "problem", None) or error).split())
    return f"line {mark.line + 1}, column {mark.column + 1}: {reason}" if mark else reason


def load_scenario(runtime: Runtime, session: Session, path: Path, *, fixed_keys: bool) -> Loaded:
    """Create a scenario's tenants in one transaction of the caller's; those of APIs that the server lacks are left out.

    Raises ScenarioError.
    """
    loaded = Loaded()
    for project in _projects(runtime, path):
        try:
            loaded.tenants += [
                _load_tenant(runtime, session, project, name, fixed_keys=fixed_keys)
                for name in ENVIRONMENTS
                if name in project
            ]
        except ValueError as error:
            raise ScenarioError(f"{path}: {_label(project)}: {error}") from error
        except (LookupError, TypeError, AttributeError) as error:
            raise ScenarioError(f"{path}: {_label(project)}: {type(error).__name__}: {error}") from error
        except DBAPIError as error:
            raise ScenarioError(
                f"{path}: {_label(project)}: something is there twice, or too long: {error.orig}"
            ) from error
    return loaded


def _projects(runtime: Runtime, path: Path) -> list[dict[str, Any]]:
    """The projects of a scenario, all checked, without those of APIs that the server lacks. Raises ScenarioError."""
    projects = [one for one in read_scenario(path)["projects"] if not _is_left_out(runtime, one)]
    for project in projects:
        try:
            check_project(runtime, project)
        except ValueError as error:
            raise ScenarioError(f"{path}: {_label(project)}: {error}") from error
    return projects


def _label(project: Any) -> str:
    """What a message calls a project."""
    of = project if isinstance(project, dict) else {}
    return f"project {of.get('project', '?')} of {of.get('api', '?')}"


def _is_left_out(runtime: Runtime, project: Any) -> bool:
    """Whether a project belongs to an API that Troth knows but this server is not."""
    name = project.get("api") if isinstance(project, dict) else None
    return name in api_names() and all(api.name != name for api in runtime.apis)


def named_tenants(runtime: Runtime, path: Path) -> list[dict[str, Any]]:
    """The tenants that a scenario names, with the keys it names: what a database that was seeded from it holds."""
    return [
        {
            "api": project["api"],
            "alias": project[name]["alias"],
            "environment": name,
            "credentials": project[name].get("credentials", {}),
            "rows": {},
        }
        for project in _projects(runtime, path)
        for name in ENVIRONMENTS
        if name in project
    ]


def _load_tenant(
    runtime: Runtime, session: Session, project: dict[str, Any], name: str, *, fixed_keys: bool
) -> dict[str, Any]:
    """Create one environment's tenant, or bring the settings, programs and endpoints of an existing one up to date."""
    api, environment = project["api"], project[name]
    domain = runtime.domain(api)
    provision = domain.provision
    settings = {**project.get("settings", {}), **environment.get("settings", {})}
    shown = {"api": api, "alias": environment["alias"], "environment": name, "credentials": {}, "rows": {}}
    known = next((t for t in list_tenants(session, api) if t.alias == environment["alias"]), None)
    if known is not None:
        domain.parse_settings({**known.settings, **settings})
        tenant = change_settings(session, known, settings)
        unit = unit_of(runtime, session, tenant, "load")
        provision.configure(unit, project, environment)
        provision.reload(unit, environment)
        unit.finish()
        return shown
    created = provision.create(
        session,
        runtime.directory.vault,
        alias=environment["alias"],
        name=project.get("name", project["project"]),
        live=name == "live",
        project=project["project"],
        sandbox_id=MAIN,
        settings=settings,
        given=environment.get("credentials", {}) if fixed_keys else {},
        now_ms=runtime.main.clock.now_ms(),
    )
    unit = unit_of(runtime, session, created.tenant, "seed")
    provision.configure(unit, project, environment)
    if "populate" in environment:
        shown["rows"] = domain.populate(unit, environment["populate"])
    provision.complete(unit, environment)
    unit.finish()
    return {**shown, "credentials": created.credentials}


def unit_of(runtime: Runtime, session: Session, tenant: Any, random_name: str) -> UnitOfWork:
    """A unit of work in a tenant on a session of the caller's."""
    return UnitOfWork(
        tenant=tenant,
        sandbox=runtime.sandboxes[tenant.sandbox_id],
        connection=LazyConnection.of(session),
        directory=runtime.directory,
        public_url=runtime.public_url,
        request_number=0,
        random_name=random_name,
        services=runtime.services,
    )
