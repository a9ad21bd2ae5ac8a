"""The dashboard: what its pages show, of which sandbox, to whom, and how new calls reach them."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from tests.mock.test_sandboxes import MAIN_KEY, add_user, base_of, create, key_of
from tests.support.client import Client
from tests.support.refusals import assert_refused
from tests.support.serving import serving
from troth.app import build
from troth.mock.dashboard import stream
from troth.mock.dashboard.first_calls import request_of
from troth.mock.dashboard.rendering import pretty
from troth.mock.run import build_mock
from troth.settings import Settings

HOSTILE = "<script>alert(1)</script>"
PAGES = [
    "/",
    "/dashboard/journal",
    "/dashboard/people",
    "/dashboard/webhooks",
    "/dashboard/deliveries",
    "/dashboard/differences",
    "/dashboard/recordings",
    "/dashboard/clock",
    "/dashboard/rules",
    "/dashboard/sandboxes",
]


def page(mock: Client, path: str, **options: Any) -> str:
    answer = mock.request("GET", path, **options)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return answer.text


@pytest.fixture(scope="module")
def demo() -> Any:
    server = build_mock(Settings(mock=True, database_url="sqlite://", fixed_clock=True), "demo")
    client = Client(server)
    yield client
    client.close()
    server.close()


class TestPages:
    @pytest.mark.parametrize("path", PAGES)
    @pytest.mark.parametrize("root", ["", "/sandbox/one"])
    def test_each_is_there_for_each_sandbox_with_addresses_of_its_own(self, mock: Client, path: str, root: str) -> None:
        create(mock, name="one")
        shown = page(mock, root + path)
        assert f'<body data-root="{root}">' in shown
        assert f'href="{root}/dashboard/journal"' in shown
        assert f'<span class="value">{"one" if root else "main"}</span>' in shown

    @pytest.mark.parametrize("path", [*PAGES, "/llms.txt", "/dashboard/static/dashboard.css"])
    def test_each_takes_get_and_head_and_says_so(self, mock: Client, path: str) -> None:
        assert mock.request("HEAD", path).status_code == 200
        for method in ("POST", "DELETE", "OPTIONS"):
            refused = mock.request(method, path)
            assert_refused(refused, 405, "METHOD_NOT_ALLOWED")
            assert refused.headers["allow"] == "GET, HEAD"

    @pytest.mark.parametrize("name", ["dashboard.css", "dashboard.js"])
    def test_static_files_are_checked_by_their_tag_and_compressed(self, mock: Client, name: str) -> None:
        path = f"/dashboard/static/{name}"
        first = mock.request("GET", path)
        assert (first.headers["content-encoding"], first.headers["cache-control"]) == ("gzip", "max-age=86400")
        again = mock.request("GET", path, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")

    def test_the_overview_shows_base_urls_and_credentials_of_its_sandbox(self, demo: Client) -> None:
        made = demo.request("POST", "/_troth/sandboxes", json={"name": "shop"}).json()
        main, other = page(demo, "/"), page(demo, "/sandbox/shop/")
        assert f"<code>{MAIN_KEY}</code>" in main
        assert f"<code>{MAIN_KEY}</code>" not in other
        key, url = key_of(made), made["apis"]["saasquatch"]["base_url"]
        assert f"<code>{key}</code>" in other
        assert f"<code>{url}</code>" in other
        assert url.endswith("/sandbox/shop/saasquatch")

    @pytest.mark.parametrize("scenario", ["demo", "empty"])
    def test_each_first_call_of_the_overview_can_be_sent_as_it_is_shown(self, demo: Client, scenario: str) -> None:
        made = demo.request(
            "POST", "/_troth/sandboxes", json={"name": f"first-{scenario}", "scenario": scenario}
        ).json()
        info = demo.request("GET", "/_troth/info").json()
        assert len(info["apis"]) == len(made["apis"])
        for facts in (info, made) if scenario == "demo" else (made,):
            calls = [curl for api in facts["apis"].values() for curl in api["first_calls"]]
            assert len(calls) == 12
            for curl in calls:
                request = request_of(curl, demo.server.runtime.public_url)
                answer = demo.request(
                    request["method"], request["path"], headers=request["headers"], content=request["body"] or ""
                )
                assert answer.status_code in (200, 201), (curl, answer.text)

    def test_the_journal_shows_calls_and_one_of_them_whole(self, mock: Client) -> None:
        add_user(mock, "/saasquatch", MAIN_KEY, "ana")
        mock.request("GET", "/saasquatch/api/v1/demo/nowhere")
        listed = page(mock, "/dashboard/journal")
        assert listed.count('class="call"') == 2
        shown = page(mock, "/dashboard/journal/1")
        assert '<h2 class="address">/saasquatch/api/v1/demo/open/account/ana/user/ana</h2>' in shown
        assert "saasquatch/demo" in shown
        assert "openUserUpsert" in shown
        assert MAIN_KEY not in shown

    def test_filters_of_the_journal_are_those_of_the_control_plane(self, mock: Client) -> None:
        add_user(mock, "/saasquatch", MAIN_KEY, "ana")
        mock.request("GET", "/saasquatch/api/v1/demo/nowhere")
        assert page(mock, "/dashboard/journal?status=4xx").count('class="call"') == 1
        assert page(mock, "/dashboard/journal?text=nothing-like-it&api=leat").count('class="call"') == 0
        assert 'class="notice bad"' in page(mock, "/dashboard/journal?status=teapot")

    def test_a_breach_of_the_contract_is_shown(self, mock: Client) -> None:
        mock.request("PUT", "/saasquatch/api/v1/demo/open/account/a/user/a", auth=("", MAIN_KEY), json={"id": 7})
        assert "Breach of the contract" in page(mock, "/dashboard/journal/1")

    def test_webhooks_are_shown_with_whether_their_signatures_are_right(self, mock: Client) -> None:
        body = {"id": "e", "type": "user.created", "tenantAlias": "demo", "live": True, "created": 1, "data": {}}
        mock.request("POST", "/_troth/inbox/mine", json=body, headers={"X-Hook-Signature": "bm8="})
        shown = page(mock, "/dashboard/webhooks")
        assert "user.created" in shown
        assert "X-Hook-Signature wrong" in shown
        assert page(mock, "/dashboard/webhooks/nobody").count("<details id=") == 0

    def test_deliveries_are_shown_with_attempts_and_their_signatures(self, mock: Client) -> None:
        add_user(mock, "/saasquatch", MAIN_KEY, "ana")
        mock.request("POST", "/_troth/clock/advance", json={"by_ms": 0})
        listed = mock.request("GET", "/_troth/deliveries").json()["deliveries"]
        shown = page(mock, f"/dashboard/deliveries/{listed[0]['id']}?status={listed[0]['status']}")
        assert shown.count('class="call"') == sum(one["status"] == listed[0]["status"] for one in listed)
        assert "X-Hook-Signature verified" in shown
        assert "attempt 1" in shown
        assert page(mock, "/dashboard/deliveries?event=nothing").count('class="call"') == 0
        assert 'class="notice bad"' in page(mock, "/dashboard/deliveries?status=teapot")
        gone = mock.request("GET", "/dashboard/deliveries/nobody")
        assert (gone.status_code, "delivery" in gone.text) == (404, True), gone.text

    def test_differences_are_shown_by_tenant(self, mock: Client) -> None:
        assert "No snapshot yet" in page(mock, "/dashboard/differences")
        mock.request("POST", "/_troth/snapshots", json={"name": "before"})
        add_user(mock, "/saasquatch", MAIN_KEY, "ana")
        shown = page(mock, "/dashboard/differences?from=before")
        assert '<span class="status good">made</span><strong>user</strong>' in shown
        assert "saasquatch/demo" in shown
        assert "Nothing is different" in page(mock, "/dashboard/differences?from=before&to=before")
        assert 'class="notice bad"' in page(mock, "/dashboard/differences?from=nothing")

    def test_recordings_under_way_are_shown(self, mock: Client) -> None:
        assert "Nothing is recorded" in page(mock, "/dashboard/recordings")
        mock.request("POST", "/_troth/recordings", json={"name": "checkout"})
        assert 'aria-label="End and download checkout"' in page(mock, "/dashboard/recordings")

    def test_a_form_for_a_rule_is_filled_from_a_call(self, mock: Client) -> None:
        shown = page(mock, "/dashboard/rules?api=leat&operation=listContacts&code=503")
        assert 'value="listContacts"' in shown
        assert 'value="503"' in shown
        assert '<option value="leat" selected>' in shown

    def test_rules_are_shown_with_their_counts(self, mock: Client) -> None:
        mock.request("POST", "/_troth/rules", json={"operation": "listUsers", "answer": {"code": 503}, "times": 4})
        mock.request(
            "POST", "/_troth/rules", json={"target": "webhooks", "url": "http://*", "delay": {"min_ms": 1, "max_ms": 2}}
        )
        mock.request("GET", "/saasquatch/api/v1/demo/users", auth=("", MAIN_KEY))
        shown = page(mock, "/dashboard/rules")
        assert "answers 503" in shown
        assert "<dd>1 of 4</dd>" in shown
        assert "Webhooks to http://*" in shown

    def test_what_is_not_there_is_a_page_that_says_so(self, mock: Client) -> None:
        for path in ("/dashboard/nothing", "/dashboard/clock/more", "/dashboard/journal/99", "/dashboard/journal/x"):
            answer = mock.request("GET", path)
            assert (answer.status_code, "Back to the overview" in answer.text) == (404, True), path

    def test_without_a_journal_the_pages_say_so(self) -> None:
        server = build_mock(Settings(mock=True, database_url="sqlite://", journal_mb=0), "empty")
        client = Client(server)
        assert "The mock keeps no journal" in page(client, "/")
        assert "The mock keeps no journal" in page(client, "/dashboard/journal")
        refused = client.request("GET", "/dashboard/journal/stream")
        assert (refused.status_code, "The mock keeps no journal." in refused.text) == (404, True)
        client.close()
        server.close()

    def test_on_a_database_that_outlives_the_process_there_are_no_other_sandboxes(self, tmp_path: Any) -> None:
        server = build_mock(Settings(mock=True, database_url=f"sqlite:///{tmp_path}/t.db", files_dir=tmp_path), "empty")
        client = Client(server)
        assert "start it without --db" in page(client, "/dashboard/sandboxes")
        assert 'class="switcher"' not in page(client, "/")
        client.close()
        server.close()


class TestSafety:
    @pytest.mark.parametrize("path", [*PAGES, "/dashboard/nothing", "/dashboard/static/dashboard.js"])
    def test_pages_run_no_script_but_the_servers_and_stand_in_no_frame(self, mock: Client, path: str) -> None:
        policy = mock.request("GET", path).headers["content-security-policy"]
        assert "default-src 'none'; script-src 'self'; style-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy

    @pytest.mark.parametrize("path", PAGES)
    def test_pages_name_nothing_of_another_host_and_have_nothing_inline(self, mock: Client, path: str) -> None:
        shown = page(mock, path)
        assert 'src="http' not in shown
        assert 'href="http' not in shown
        assert "style=" not in shown
        assert shown.count("<script") == shown.count('<script type="module" src="/') == 1

    def test_what_clients_sent_is_escaped(self, mock: Client) -> None:
        mock.request("POST", f"/leat/api/v3/oauth/clients/contacts?q={HOSTILE}", json={HOSTILE: HOSTILE})
        mock.request("POST", "/leat/api/v3/oauth/clients/contacts", content=HOSTILE, headers={"X-Evil": HOSTILE})
        mock.request("POST", "/_troth/inbox/mine", json={"type": HOSTILE, "data": HOSTILE})
        mock.request("POST", "/_troth/rules", json={"path": HOSTILE, "fault": "empty"})
        seen = [page(mock, f"/dashboard/journal/{number}") for number in (1, 2)]
        seen += [page(mock, path) for path in PAGES]
        seen.append(page(mock, f"/dashboard/journal?text={HOSTILE}"))
        seen.append(page(mock, f"/dashboard/rules?operation={HOSTILE}&code=%22%3E{HOSTILE}"))
        assert all("alert(1)" in shown for shown in seen[:2])
        for shown in seen:
            assert HOSTILE not in shown
            assert "<script>" not in shown

    def test_a_host_that_leads_here_by_rebinding_sees_nothing(self, mock: Client) -> None:
        for path in [*PAGES, "/dashboard/journal/stream"]:
            answer = mock.request("GET", path, headers={"Host": "evil.example"})
            assert answer.status_code == 403, path
            assert MAIN_KEY not in answer.text

    def test_no_other_origin_may_read_it(self, mock: Client) -> None:
        answer = mock.request("GET", "/", headers={"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in answer.headers

    def test_in_production_there_is_none(self) -> None:
        server = build(Settings(database_url="sqlite://", secret_key="k" * 32, require_https=False))
        client = Client(server)
        assert client.request("GET", "/").headers["location"] == "/docs"
        for path in ("/dashboard", "/dashboard/journal", "/dashboard/static/dashboard.js"):
            assert_refused(client.request("GET", path), 404, "NOT_FOUND")
        client.close()
        server.close()


class TestStream:
    """The stream is endless: its parts are read from the generator that the page is made of."""

    @staticmethod
    async def first(made: AsyncIterator[bytes], count: int) -> list[bytes]:
        return [await asyncio.wait_for(anext(made), 5) for _ in range(count)]

    def events(self, mock: Client, count: int, after: int = 0, **filters: str) -> list[bytes]:
        journal = mock.server.runtime.services["journal"]
        return asyncio.run(self.first(stream.events(journal, after, filters, "/sandbox/x", lambda: False), count))

    def test_a_new_call_is_delivered_as_a_row(self, mock: Client) -> None:
        add_user(mock, "/saasquatch", MAIN_KEY, "ana")
        _, event = self.events(mock, 2)
        number, _, data = event.partition(b"\n")
        assert number == b"id: 1"
        update = json.loads(data.removeprefix(b"data: "))
        assert update["seen"] == 1
        assert 'href="/sandbox/x/dashboard/journal/1"' in update["rows"]
        assert "/open/account/ana/user/ana" in update["rows"]

    def test_calls_that_were_seen_or_are_not_meant_are_not(self, mock: Client) -> None:
        for name in ("ana", "ben", "cid"):
            add_user(mock, "/saasquatch", MAIN_KEY, name)
        assert b"user/ana" not in self.events(mock, 2, after=1)[1]
        assert json.loads(self.events(mock, 2, api="leat")[1].partition(b"data: ")[2]) == {"seen": 3, "rows": ""}

    def test_of_many_calls_at_once_the_newest_hundred(self, mock: Client) -> None:
        for _ in range(stream.ROWS_MAX + 20):
            mock.request("GET", "/saasquatch/api/v1/nowhere")
        entries = stream.new_entries(mock.server.runtime.services["journal"], 0, {})
        assert [entries[0].number, entries[-1].number, len(entries)] == [120, 21, 100]

    def test_a_quiet_one_has_a_heartbeat(self, mock: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(stream, "HEARTBEAT_S", 0.0)
        assert self.events(mock, 2)[1] == b": alive\n\n"

    def test_it_ends_when_the_server_stops(self, mock: Client) -> None:
        mock.server.compiled.stop()
        answer = mock.request("GET", "/dashboard/journal/stream")
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.text == "retry: 1000\n\n"

    @pytest.mark.parametrize("stream_name", ["journal/stream", "webhook-stream"])
    def test_a_number_of_many_digits_is_none(self, mock: Client, stream_name: str) -> None:
        mock.server.compiled.stop()
        many = "9" * 5_000
        for query, headers in ((f"?after={many}", {}), ("", {"Last-Event-ID": many})):
            answer = mock.request("GET", f"/dashboard/{stream_name}{query}", headers=headers)
            assert (answer.status_code, answer.text) == (200, "retry: 1000\n\n")

    def test_it_ends_with_its_sandbox(self, mock: Client) -> None:
        create(mock, name="one")
        with_sandbox = mock.server.runtime.services["sandboxes"].box("one").runtime
        mock.request("DELETE", "/_troth/sandboxes/one")
        assert with_sandbox.ended
        assert_refused(mock.request("GET", "/sandbox/one/dashboard/journal/stream"), 404, "SANDBOX_NOT_FOUND")

    def test_over_http_it_delivers_a_call_to_its_sandbox_and_the_server_can_stop(self) -> None:
        server = build_mock(Settings(mock=True, database_url="sqlite://"), "empty")
        with serving(server) as served:
            url = f"http://localhost:{served.port}/sandbox/one"
            httpx2.post(f"http://localhost:{served.port}/_troth/sandboxes", json={"name": "one"}).raise_for_status()
            with httpx2.stream("GET", f"{url}/dashboard/journal/stream?after=0", timeout=10) as answer:
                lines = answer.iter_lines()
                assert next(lines) == "retry: 1000"
                httpx2.get(f"{url}/saasquatch/api/v1/demo/users?q=heard")
                assert next(line for line in lines if line.startswith("data:")).count("q=heard") == 1
                served.stop()
                assert [line for line in lines if line] == []
        server.close()

    def test_a_sandbox_has_its_own(self, mock: Client) -> None:
        made = create(mock, name="one")
        add_user(mock, base_of(made), key_of(made), "zoe")
        mock.server.compiled.stop()  # the stream ends at once
        assert "user/zoe" in page(mock, "/sandbox/one/dashboard/journal")
        assert "user/zoe" not in page(mock, "/dashboard/journal")


def test_json_is_shown_with_each_part_escaped() -> None:
    shown = str(pretty({'a"<b>': ["&", 1.5, None]}))
    assert "<b>" not in shown
    assert '<span class="json-name">&#34;a\\&#34;&lt;b&gt;&#34;</span>:' in shown
    assert '<span class="json-number">1.5</span>' in shown
    assert '<span class="json-word">null</span>' in shown


def test_curl_commands_become_requests() -> None:
    shown = "curl -u :KEY -X PUT -H 'Content-Type: application/json' -d '{\"a\": 1}' 'http://localhost:1/x/y?z=1'"
    assert request_of(shown, "http://localhost:1") == {
        "method": "PUT",
        "path": "/x/y?z=1",
        "headers": {"Authorization": "Basic OktFWQ==", "Content-Type": "application/json"},
        "body": '{"a": 1}',
    }
    assert request_of("curl -d email=a@b.c http://h/p", "http://h")["method"] == "POST"
