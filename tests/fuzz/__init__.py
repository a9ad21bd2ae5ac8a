"""Contract fuzzing with Schemathesis."""

from troth.app import vendor_apis
from troth.connexion_app import find_handler
from troth.contracts import store
from troth.contracts.lint import operations

URL = "TROTH_FUZZ_URL"
"""Environment: the server to ask for ids that exist, such as `http://localhost:8080`."""


def fuzzed_apis() -> list[str]:
    """The vendors' APIs that have handlers: one that answers from its contract only would be fuzzed against itself."""
    return [api for api in vendor_apis()
            if any(find_handler(api, raw["tags"][0], raw["operationId"]) for _, _, raw in operations(store.load(api)[0]))]
