"""Ids of the generated tests, for pytest-xdist.

It runs one test for each id, and Schemathesis 4.32 on pytest 9.2 gives all operations of an API the same one. And its
own way to keep a group on one worker (a suffix of the id) has no effect since pytest 9.2 keeps ids in another place;
the slice needs it, since what a request meets depends on those before it.
"""

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    suffix = "@fuzz" if getattr(config.option, "loadgroup", False) else ""
    for item in items:
        if item.path.name == "test_slice.py":
            item._id = type(item.id).parse(f"{item.nodeid.partition('::')[0]}::{item.name}{suffix}")
