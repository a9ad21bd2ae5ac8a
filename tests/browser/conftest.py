"""A Chromium for the tests of a module, and a mock that has been used; they are skipped where there is no Chromium in
the path.
"""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.screenshots import use
from tests.support.live import troth


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    """A mock on a fixed clock, with the calls of an afternoon in its journal."""
    with troth("mock", "--clock", "fixed", within_s=120) as started:
        use(started)
        yield started
