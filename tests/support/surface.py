"""After a run of the whole suite: every operation was called, once at least with success and once with a refusal."""

from typing import Any

import pytest

SEEN: set[tuple[str, int]] = set()
"""(api.operationId, status) of every validated answer of this process."""

NEVER_REFUSED: dict[str, str] = {"public.getJwks": "takes nothing that could be wrong"}


class SurfacePlugin:
    """Collects what was seen, from workers too, and fails a complete run that left something out."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if hasattr(self.config, "workeroutput"):
            self.config.workeroutput["surface"] = sorted(SEEN)
        elif exitstatus == 0 and self._complete():
            gaps = missing()
            if gaps:
                print("\nOperations that no test has called:\n  " + "\n  ".join(gaps))
                session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _complete(self) -> bool:
        """Whether everything was run: no path but `tests`, no -k, -m, --lf or --collect-only."""
        option = self.config.option
        return not (option.keyword or option.markexpr or option.collectonly or getattr(option, "lf", False)) and (
            self.config.args in (["tests"], [str(self.config.rootpath / "tests")])
        )

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        SEEN.update(tuple(pair) for pair in getattr(node, "workeroutput", {}).get("surface", ()))


def missing() -> list[str]:
    """Operations without a success or without a refusal."""
    from troth.apis import api_names
    from troth.spec import store
    from troth.spec.operations import operations

    gaps = []
    for api in api_names():
        for _, _, raw in operations(store.load(api)[0]):
            name = f"{api}.{raw['operationId']}"
            statuses = {status for seen, status in SEEN if seen == name}
            if not any(status < 400 for status in statuses):
                gaps.append(f"{name}: no success")
            if name not in NEVER_REFUSED and not any(400 <= status < 500 for status in statuses):
                gaps.append(f"{name}: no refusal")
    return gaps
