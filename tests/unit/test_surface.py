"""When a run of the tests counts as complete, so that an operation that nobody has called fails it."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests.support.surface import SurfacePlugin

NOTHING = {"keyword": "", "markexpr": "", "lf": False, "collectonly": False}


def complete(config: pytest.Config, *args: str, **options: Any) -> bool:
    asked = SimpleNamespace(option=SimpleNamespace(**NOTHING | options), args=list(args), rootpath=config.rootpath)
    return SurfacePlugin(asked)._complete()  # type: ignore[arg-type]  # what it reads of a configuration


def test_a_run_of_the_folder_is_complete(pytestconfig: pytest.Config) -> None:
    assert complete(pytestconfig, "tests")
    assert complete(pytestconfig, str(pytestconfig.rootpath / "tests"))


@pytest.mark.parametrize("option", [{"keyword": "x"}, {"markexpr": "fuzz"}, {"lf": True}, {"collectonly": True}])
def test_a_part_of_it_or_a_list_of_its_tests_is_not(pytestconfig: pytest.Config, option: dict[str, Any]) -> None:
    assert not complete(pytestconfig, "tests", **option)
    assert not complete(pytestconfig, "tests/unit")
