"""The main action of each page of the dashboard, in a real Chromium.

Skipped where there is no `chromium` (a Debian package) in the path; CI installs one.
"""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.screenshots import PAGES, WIDTHS
from tests.support.refusals import assert_refused

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="NO BROWSER WAS TESTED: there is no `chromium` in the path")
KEY = ("", "LIVE_DEMO0KEY0SAASQUATCH0TROTH0MOCK")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page; what its console says of errors fails the test."""
    context = browser.new_context(viewport={"width": 1_400, "height": 900})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda message: errors.append(message.text) if "Security Policy" in message.text else None)
    yield opened
    context.close()
    assert errors == []


def users(url: str, root: str = "", **query: Any) -> int:
    return httpx2.get(f"{url}{root}/saasquatch/api/v1/demo/users", auth=KEY, params=query).status_code


def test_the_overview_runs_a_first_call_and_shows_the_answer(page: Page, url: str) -> None:
    page.goto(f"{url}/")
    card = page.get_by_role("article", name="Leat")
    card.get_by_role("button", name="Run GET").last.click()
    expect(card.locator(".answer .status")).to_have_text("200")
    expect(card.locator(".answer .code")).to_contain_text('"data"')
    expect(page.get_by_role("list", name="Latest calls").locator("li").first).to_contain_text("referrals/settings")


def test_the_overview_copies_a_key(page: Page, url: str) -> None:
    page.goto(f"{url}/")
    page.get_by_role("button", name="Copy api key of SaaSquatch", exact=True).click()
    expect(page.get_by_role("status")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == KEY[1]


def test_the_journal_shows_a_call_of_another_client_as_it_comes(page: Page, url: str) -> None:
    page.goto(f"{url}/dashboard/journal?api=saasquatch")
    expect(page.locator("[data-live]:not(.off)")).to_be_visible()
    users(url, query="<b>just now</b>")
    first = page.locator("#calls li").first
    expect(first).to_contain_text("just+now")
    first.locator("a").click()
    expect(page.locator("#detail .address")).to_contain_text("just+now")
    expect(first.locator("a")).to_have_attribute("aria-current", "true")
    page.go_back()
    expect(page.locator("#detail .address")).to_have_count(0)


def test_the_journal_replays_a_call(page: Page, url: str) -> None:
    page.goto(f"{url}/dashboard/journal/6")
    page.get_by_role("button", name="Replay").click()
    expect(page.get_by_role("status")).to_have_text("Replayed.")
    assert int(re.findall(r"\d+$", page.url)[0]) > 6
    expect(page.locator("#detail .address")).to_contain_text("search/members")


def test_a_rule_is_made_of_a_call_and_deleted(page: Page, url: str) -> None:
    page.goto(f"{url}/dashboard/journal/4")
    page.get_by_role("link", name="Make a rule of this").click()
    expect(page.get_by_label("Operation")).to_have_value("openUserUpsert")
    page.get_by_label("Status").fill("500")
    page.get_by_label("At most").fill("1")
    page.get_by_role("button", name="Create rule").click()
    made = page.locator(".rules li").last
    expect(made).to_contain_text("answers 500")
    path = "/saasquatch/api/v1/demo/open/account/zoe/user/zoe"
    body = {"id": "zoe", "accountId": "zoe"}
    assert [httpx2.put(url + path, auth=KEY, json=body).status_code for _ in range(2)] == [500, 200]
    expect(made).to_contain_text("1 of 1", timeout=10_000)
    count = page.locator(".rules li").count()
    made.get_by_role("button", name="Delete").click()
    expect(page.locator(".rules li")).to_have_count(count - 1)


def test_a_rule_that_is_refused_says_why(page: Page, url: str) -> None:
    page.goto(f"{url}/dashboard/rules")
    page.get_by_label("Operation").fill("listUsrs")
    page.get_by_label("Status").fill("500")
    page.get_by_role("button", name="Create rule").click()
    expect(page.get_by_role("status")).to_contain_text("Did you mean listUsers")
    expect(page.get_by_label("Operation")).to_have_value("listUsrs")


def test_webhooks_arrive_and_the_inbox_is_emptied_when_one_confirms(page: Page, url: str) -> None:
    httpx2.post(f"{url}/_troth/inbox/mine", json={"type": "first.message"})
    page.goto(f"{url}/dashboard/webhooks/mine")
    expect(page.locator(".messages")).to_contain_text("first.message")
    page.locator("h1").click()
    httpx2.post(f"{url}/_troth/inbox/mine", json={"type": "second.message"})
    expect(page.locator(".messages")).to_contain_text("second.message", timeout=10_000)
    page.get_by_role("button", name="Empty the inbox").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator(".messages li")).to_have_count(2)
    page.get_by_role("button", name="Empty the inbox").click()
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_text("No message yet")).to_be_visible()
    assert httpx2.get(f"{url}/_troth/inbox/mine").json()["total"] == 0


def test_deliveries_arrive_live_and_chosen_ones_are_sent_again(page: Page, url: str) -> None:
    page.goto(f"{url}/dashboard/deliveries?api=saasquatch")
    expect(page.locator("[data-live]:not(.off)")).to_be_visible()
    body = {"id": "live", "accountId": "live", "firstName": "Lee"}
    assert httpx2.put(f"{url}/saasquatch/api/v1/demo/open/account/live/user/live", auth=KEY, json=body).is_success
    httpx2.post(f"{url}/_troth/clock/advance", json={"by_ms": 0}).raise_for_status()
    newest = httpx2.get(f"{url}/_troth/deliveries?api=saasquatch&event=user.created").json()["deliveries"][0]["id"]
    row = page.locator("#deliveries li").filter(
        has=page.locator(f"a.call[href*='{newest}']")
    )  # there were others before
    expect(row).to_contain_text("delivered", timeout=10_000)
    page.get_by_role("button", name="Resend chosen").click()
    expect(page.get_by_role("status")).to_have_text("Choose deliveries in the list first.")
    row.get_by_role("checkbox").check()
    page.get_by_label("Send to").fill(f"{url}/_troth/inbox/elsewhere")
    page.get_by_role("button", name="Resend chosen").click()
    expect(page.get_by_role("status")).to_have_text("1 of 1 were taken.", timeout=10_000)
    expect(page.locator("#resent")).to_contain_text("/inbox/elsewhere")
    assert httpx2.get(f"{url}/_troth/inbox/elsewhere").json()["total"] == 1
    row.locator("a.call").click()
    expect(page.locator("#detail")).to_contain_text("X-Hook-Signature verified")
    page.get_by_role("button", name="Resend", exact=True).click()
    expect(page.locator("#detail .attempt")).to_have_count(3, timeout=10_000)


def test_differences_are_those_of_the_chosen_snapshot(page: Page, url: str) -> None:
    page.goto(f"{url}/dashboard/differences")
    page.get_by_label("Name").fill("browser")
    page.get_by_role("button", name="Take snapshot").click()
    page.wait_for_url("**/dashboard/differences?from=browser")
    expect(page.get_by_text("Nothing is different")).to_be_visible()
    body = {"id": "di", "accountId": "di", "firstName": "Di"}
    assert httpx2.put(f"{url}/saasquatch/api/v1/demo/open/account/di/user/di", auth=KEY, json=body).is_success
    page.get_by_role("button", name="Compare").click()
    expect(page.locator(".changes")).to_contain_text("user")
    expect(page.locator(".changes .code").first).to_contain_text('"di"')
    httpx2.delete(f"{url}/_troth/snapshots/browser").raise_for_status()


def test_a_recording_is_downloaded_and_replayed(page: Page, url: str, tmp_path: Path) -> None:
    root = "/sandbox/checkout-tests"
    made = httpx2.get(f"{url}/_troth/sandboxes/checkout-tests").json()["apis"]["saasquatch"]["credentials"]["api_key"]
    page.goto(f"{url}{root}/dashboard/recordings")
    page.get_by_label("Name").fill("mine")
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("status")).to_have_text("Calls are recorded from now on.", timeout=20_000)
    answer = httpx2.get(f"{url}{root}/saasquatch/api/v1/demo/users", auth=("", made), params={"limit": 1})
    assert answer.status_code == 200
    with page.expect_download() as downloading:
        page.get_by_role("button", name="End and download mine").click()
    file = tmp_path / "mine.json"
    downloading.value.save_as(file)
    recording = json.loads(file.read_text())
    assert [call["path"] for call in recording["calls"]] == ["/saasquatch/api/v1/demo/users"]
    page.get_by_role("button", name="Replay").click()
    expect(page.locator("#outcome")).to_have_text("All 1 calls are answered alike.", timeout=30_000)
    recording["calls"][0]["answer"]["totalCount"] = 1
    file.write_text(json.dumps(recording))
    page.get_by_label("File of a recording").set_input_files(file)
    page.get_by_role("button", name="Replay").click()
    expect(page.locator("#outcome")).to_contain_text("Call 1 of 1 is answered otherwise.", timeout=30_000)
    expect(page.locator("#outcome")).to_contain_text("answer.totalCount: 220, recorded 1")


def test_the_clock_moves_and_shows_what_ran(page: Page, url: str) -> None:
    root = "/sandbox/checkout-tests"
    before = httpx2.get(f"{url}{root}/_troth/clock").json()["now_ms"]
    page.goto(f"{url}{root}/dashboard/clock")
    page.get_by_label("By").fill("2")
    page.get_by_role("button", name="Advance").first.click()
    expect(page.locator("#fired .lead")).to_have_text(re.compile("ran|Nothing was due"), timeout=20_000)
    assert httpx2.get(f"{url}{root}/_troth/clock").json()["now_ms"] == before + 2 * 86_400_000
    page.get_by_role("button", name="1 week").click()
    expect(page.locator(".now time")).to_contain_text("2026-01-24", timeout=20_000)
    page.get_by_label("To (UTC)").fill("2026-02-01T08:30:00")
    page.get_by_role("button", name="Advance").last.click()
    expect(page.locator(".big")).to_contain_text("2026-02-01 08:30:00", timeout=20_000)


def test_a_sandbox_is_made_stored_restored_and_deleted(page: Page, url: str) -> None:
    page.goto(f"{url}/dashboard/sandboxes")
    page.get_by_label("Name", exact=True).fill("mine")
    page.get_by_label("Scenario").select_option("empty")
    page.get_by_role("button", name="Create sandbox").click()
    card = page.locator(".sandboxes > li", has=page.get_by_role("link", name="mine", exact=True))
    expect(card).to_contain_text("empty")
    card.get_by_label("Name of a snapshot of mine").fill("clean")
    card.get_by_role("button", name="Take snapshot").click()
    expect(card.locator(".snapshots")).to_contain_text("clean")
    added = httpx2.put(
        f"{url}/sandbox/mine/saasquatch/api/v1/demo/open/account/a/user/a",
        auth=("", httpx2.get(f"{url}/_troth/sandboxes/mine").json()["apis"]["saasquatch"]["credentials"]["api_key"]),
        json={"id": "a", "accountId": "a"},
    )
    assert added.status_code == 200
    card.get_by_role("button", name="Restore clean of mine").click()
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("status")).to_have_text("Restored.")
    again = httpx2.get(str(added.url), headers={"Authorization": added.request.headers["authorization"]})
    assert_refused(again, 404, "ACCOUNT_NOT_FOUND")
    card.get_by_role("button", name="Delete mine").click()
    page.get_by_role("button", name="Confirm").click()
    expect(card).to_have_count(0)
    assert_refused(httpx2.get(f"{url}/_troth/sandboxes/mine"), 404, "SANDBOX_NOT_FOUND")


def test_somebody_is_found_and_what_happens_to_them_appears_by_itself(page: Page, url: str) -> None:
    page.goto(f"{url}/dashboard/people")
    page.get_by_label("Name, e-mail or id").fill("joseph ross")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="HC-000005").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Joseph Ross")
    expect(page.get_by_role("img", name=re.compile("^Points from 2025-"))).to_be_visible()
    mint = f"{url}/loyalty-core/api/v1/organizations/1/loyalty-members/HC-000005/mint"
    token = {"Authorization": "Bearer lc_DEMO0TOKEN0LOYALTY0CORE0TROTH0MOCK"}
    body = {"amount": 3, "description": "Seen as it happens"}
    httpx2.post(mint, headers=token, json=body).raise_for_status()
    first = page.get_by_role("region", name="Timeline").get_by_role("listitem").first
    expect(first).to_contain_text("+3 Seen as it happens", timeout=10_000)
    page.get_by_role("group", name="Referrals").get_by_role("link", name="David Nelson").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("David Nelson")
    expect(page.get_by_role("group", name="Referrals").get_by_role("link").first).to_contain_text("Joseph Ross")


def test_the_switcher_leads_to_another_sandbox_by_keyboard(page: Page, url: str) -> None:
    page.goto(f"{url}/dashboard/clock")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.locator("#switcher summary").focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="checkout-tests").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{url}/sandbox/checkout-tests/")
    expect(page.locator("#switcher .value")).to_have_text("checkout-tests")


def test_pages_stay_usable_while_a_client_sends_many_calls(page: Page, url: str) -> None:
    page.goto(f"{url}/dashboard/journal")
    expect(page.locator("[data-live]:not(.off)")).to_be_visible()
    with httpx2.Client() as http:
        for number in range(300):
            http.get(f"{url}/saasquatch/api/v1/demo/open/code/NOBODY{number}")
    expect(page.locator("#calls li").first).to_contain_text("NOBODY299")
    assert page.locator("#calls li").count() == 100


@pytest.mark.parametrize("width", WIDTHS.values())
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_no_page_is_wider_than_its_window_and_each_control_has_a_name(
    browser: Browser, url: str, path: str, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(url + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    nameless = page.evaluate(
        """[...document.querySelectorAll("a, button, input, select, summary")].filter(one =>
          !(one.getAttribute("aria-label") || one.textContent.trim() || one.labels?.length)).map(one => one.outerHTML)"""
    )
    assert nameless == []
    assert page.locator("main").count() == page.locator("h1").count() == 1
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    assert len(ids) == len(set(ids))
    context.close()
