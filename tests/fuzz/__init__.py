"""Contract fuzzing with Schemathesis."""

from pathlib import Path

import yaml

from troth.apis import APIS
from troth.connexion_app import find_handler
from troth.mock.scenarios import find_scenario, read_scenario
from troth.spec import store
from troth.spec.operations import operations

URL = "TROTH_FUZZ_URL"
"""Environment: the server to ask for ids that exist, such as `http://localhost:8080`."""
CONTROL = "TROTH_FUZZ_CONTROL"
"""Environment: set where the control plane is what is fuzzed."""
PARTNER = Path(__file__).with_name("partner.yaml")


def fuzzed_apis() -> list[str]:
    """The vendors' APIs that have handlers: one that answers from its contract only would be fuzzed against itself."""
    return [
        api
        for api in [api.name for api in APIS if api.domain is not None]
        if any(
            find_handler(f"handlers.{api}", raw["tags"][0], raw["operationId"])
            for _, _, raw in operations(store.load(api)[0])
        )
    ]


def scenario(folder: Path) -> str:
    """Write the scenario of the servers that are fuzzed to a folder; its path.

    It is the demo and what partner.yaml adds.
    """
    path = folder / "fuzzed.yaml"
    projects = [project for part in (find_scenario("demo"), PARTNER) for project in read_scenario(part)["projects"]]
    path.write_text(yaml.safe_dump({"name": "fuzzed", "projects": projects}, sort_keys=False))
    return str(path)
