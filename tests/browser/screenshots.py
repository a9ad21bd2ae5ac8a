"""Pictures of each page of the dashboard, narrow and wide, light and dark: `make screenshots` writes them to
var/screenshots.
"""

import shutil
import sys
from pathlib import Path

import httpx2
from playwright.sync_api import Browser, sync_playwright

from tests.support.live import troth

FOLDER = Path(__file__).parents[2] / "var" / "screenshots"
PAGES = {
    "overview": "/",
    "journal": "/dashboard/journal",
    "call": "/dashboard/journal/4",
    "people": "/dashboard/people",
    "search": "/dashboard/people?text=ana",
    "user": "/dashboard/people/saasquatch/demo?account=acme&id=ana%40example.org",
    "advocate": "/dashboard/people/advocacy/demo?id=adv_demo0000000000000001",
    "contact": "/dashboard/people/leat/demo?id=6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a01",
    "member": "/dashboard/people/loyalty_core/demo?id=5",
    "webhooks": "/dashboard/webhooks",
    "deliveries": "/dashboard/deliveries",
    "delivery": "/dashboard/deliveries",
    "differences": "/dashboard/differences?from=before-checkout",
    "recordings": "/dashboard/recordings",
    "clock": "/dashboard/clock",
    "rules": "/dashboard/rules",
    "sandboxes": "/dashboard/sandboxes",
    "sandbox": "/sandbox/checkout-tests/",
    "unknown": "/dashboard/nowhere",
}
WIDTHS = {"narrow": 375, "wide": 1_400}
HEIGHT = 900


def use(url: str) -> None:
    """Some calls of an afternoon: good ones, refused ones, one that breaks the contract, one that a rule answers;
    sandboxes.
    """
    key = ("", "LIVE_DEMO0KEY0SAASQUATCH0TROTH0MOCK")
    token = {"Authorization": "Bearer lc_DEMO0TOKEN0LOYALTY0CORE0TROTH0MOCK"}
    users = f"{url}/saasquatch/api/v1/demo"
    core = f"{url}/loyalty-core/api/v1/organizations/1"
    with httpx2.Client(timeout=30) as http:
        http.get(f"{users}/users?limit=3", auth=key)
        http.get(f"{url}/leat/api/v3/oauth/clients/contacts")
        http.put(f"{users}/open/account/zoe/user/zoe", auth=key, json={"id": "zoe", "accountId": "zoe", "firstName": 7})
        zoe = {"id": "zoe", "accountId": "zoe", "firstName": "Zoe", "lastName": "Park", "referredByCodes": ["ANASTONE"]}
        http.put(f"{users}/open/account/zoe/user/zoe", auth=key, json=zoe)
        order = {"externalId": "order-1", "type": "sale", "total": 9.6, "status": "confirmed"}
        http.post(f"{core}/members/42/purchase-orders", headers=token, json=order)
        http.get(f"{core}/search/members?query=ana+stone", headers=token)
        http.post(
            f"{url}/_troth/rules", json={"operation": "listUsers", "answer": {"code": 503}, "times": 3}
        ).raise_for_status()
        slow = {"api": "leat", "delay": {"ms": 800}, "probability": 0.25}
        http.post(f"{url}/_troth/rules", json=slow).raise_for_status()
        http.get(f"{users}/users", auth=key)
        http.get(f"{users}/open/code/NOBODY")
        http.post(f"{url}/_troth/snapshots", json={"name": "before-checkout"}).raise_for_status()
        http.post(f"{url}/_troth/recordings", json={"name": "checkout"}).raise_for_status()
        http.post(f"{url}/_troth/sandboxes", json={"name": "checkout-tests"}).raise_for_status()
        mia = {"id": "mia", "accountId": "mia", "firstName": "Mia"}
        http.put(f"{users}/open/account/mia/user/mia", auth=key, json=mia).raise_for_status()
        zoe["lastName"] = "Parker"
        http.put(f"{users}/open/account/zoe/user/zoe", auth=key, json=zoe).raise_for_status()
        http.post(f"{url}/_troth/clock/advance", json={"by": "PT1H"}).raise_for_status()


def take(browser: Browser, url: str, folder: Path) -> list[str]:
    """Take the pictures; the names of the pages that are wider than their window."""
    wide = []
    for scheme in ("light", "dark"):
        for width_name, width in WIDTHS.items():
            context = browser.new_context(viewport={"width": width, "height": HEIGHT}, color_scheme=scheme)  # type: ignore[arg-type]
            page = context.new_page()
            for name, path in PAGES.items():
                page.goto(url + path)
                if name == "delivery":
                    page.locator("a.call").first.click()
                    page.wait_for_selector("#detail header")
                page.screenshot(path=folder / f"{name}-{width_name}-{scheme}.png", full_page=True)
                if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    wide.append(f"{name}-{width_name}")
            page.goto(url)
            page.get_by_role("button", name="Run GET").first.click()
            page.wait_for_selector(".answer .code")
            page.screenshot(path=folder / f"first-call-{width_name}-{scheme}.png", full_page=True)
            page.goto(f"{url}/dashboard/clock")
            page.get_by_role("button", name="1 week").click()
            page.wait_for_selector("#fired .lead")
            page.screenshot(path=folder / f"fired-{width_name}-{scheme}.png")
            page.goto(f"{url}/dashboard/sandboxes")
            page.get_by_role("button", name="Reset main").click()
            page.screenshot(path=folder / f"confirm-{width_name}-{scheme}.png")
            context.close()
    return wide


def main() -> None:
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("there is no `chromium` in the path")
    FOLDER.mkdir(parents=True, exist_ok=True)
    with troth("mock", "--clock", "fixed", within_s=120) as url, sync_playwright() as playwright:
        use(url)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        wide = take(browser, url, FOLDER)
        browser.close()
    print(f"pictures in {FOLDER}" + (f"; wider than the window: {', '.join(wide)}" if wide else ""))


if __name__ == "__main__":
    main()
