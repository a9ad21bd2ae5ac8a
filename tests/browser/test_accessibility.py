"""Each page of the dashboard under axe-core, narrow and wide, light and dark.

Skipped where there is no `chromium` in the path, or no axe-core: `make axe` installs it from npm, CI does so where
Node.js is.
"""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.screenshots import PAGES, WIDTHS

AXE = Path(__file__).parents[2] / "var" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
pytestmark = [
    pytest.mark.skipif(
        shutil.which("chromium") is None, reason="NO BROWSER WAS TESTED: there is no `chromium` in the path"
    ),
    pytest.mark.skipif(not AXE.is_file(), reason="NO ACCESSIBILITY WAS TESTED: axe-core is not installed (make axe)"),
]
RUN = """async (rules) => {
  const options = rules ? {runOnly: {type: "rule", values: rules}} : {};
  const {violations} = await axe.run(document, {resultTypes: ["violations"], ...options});
  return violations.flatMap(({id, help, nodes}) => nodes.map(({html, failureSummary}) => `${id}: ${help}: ${html} ${failureSummary}`));
}"""
COLOURS = ["color-contrast", "link-in-text-block"]
"""What a colour scheme changes; the rest of a page is the same in both, and checked once."""


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_no_page_has_a_barrier(browser: Browser, url: str, width: int) -> None:
    # Without motion, so that no colour is met on its way to another.
    context = browser.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    found: dict[str, list[str]] = {}

    def check(name: str) -> None:
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        page.evaluate(AXE.read_text())
        found[name] = page.evaluate(RUN, None)
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        found[f"{name}, dark"] = page.evaluate(RUN, COLOURS)

    for name, path in PAGES.items():
        page.goto(url + path)
        check(name)
    page.goto(url)
    page.get_by_role("button", name="Run GET").first.click()
    page.wait_for_selector(".answer .code")
    check("first call")
    page.goto(f"{url}/dashboard/sandboxes")
    page.get_by_role("button", name="Reset main").click()
    check("dialog")
    context.close()
    assert {name: faults for name, faults in found.items() if faults} == {}
