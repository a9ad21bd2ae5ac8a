"""`/llms.txt`: what language models read about the mock."""

import re

import httpx2

from tests.mock.test_sandboxes import MAIN_KEY, create, key_of
from tests.support.client import Client
from tests.support.refusals import assert_refused
from troth.app import build
from troth.mock.dashboard.first_calls import request_of
from troth.settings import Settings

LINK = re.compile(r"^- \[[^\]]+\]\((\S+)\): .+$")


def text_of(mock: Client, root: str = "", **options: str) -> str:
    answer = mock.request("GET", f"{root}/llms.txt", **options)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert answer.headers["cache-control"] == "no-store"  # there are keys in it
    return answer.text


def path_of(mock: Client, url: str) -> str:
    return url.removeprefix(mock.server.runtime.public_url)


def test_it_has_the_shape_that_is_agreed_on(mock: Client) -> None:
    title, summary, *rest = text_of(mock).split("\n\n")
    assert re.fullmatch(r"# Troth [0-9.]+", title)
    assert summary.startswith("> ")
    sections = text_of(mock).partition("\n## ")[2]
    assert rest
    for line in sections.splitlines()[1:]:
        assert not line or line.startswith("## ") or LINK.fullmatch(line), line


def test_each_link_answers_and_each_first_call_can_be_sent(mock: Client) -> None:
    text = text_of(mock)
    links = [found[1] for line in text.splitlines() if (found := LINK.fullmatch(line))]
    assert len(links) == 5 + 4 + 6
    for link in links:
        assert mock.request("GET", path_of(mock, link)).status_code == 200, link
    calls = [line for line in text.splitlines() if line.startswith("curl ")]
    assert len(calls) == 12
    for curl in calls:
        request = request_of(curl, mock.server.runtime.public_url)
        sent: httpx2.Response = mock.request(
            request["method"], request["path"], headers=request["headers"], content=request["body"] or ""
        )
        assert sent.status_code not in (401, 403, 405), curl  # there is nobody in this mock, but the keys are taken


def test_a_sandbox_has_one_with_its_own_keys_and_addresses(mock: Client) -> None:
    key = key_of(create(mock, name="one"))
    text = text_of(mock, "/sandbox/one")
    assert f"`{key}`" in text
    assert f"`{MAIN_KEY}`" not in text
    for line in text.splitlines():
        if found := LINK.fullmatch(line):
            assert path_of(mock, found[1]).startswith("/sandbox/one/"), line


def test_no_page_of_another_site_gets_it(mock: Client) -> None:
    foreign = mock.request("GET", "/llms.txt", headers={"Host": "evil.example"})
    assert foreign.status_code == 403
    assert MAIN_KEY not in foreign.text
    read = mock.request("GET", "/llms.txt", headers={"Origin": "https://evil.example"})
    assert "access-control-allow-origin" not in read.headers


def test_a_served_database_has_none() -> None:
    server = build(Settings(database_url="sqlite://", secret_key="k" * 32, require_https=False))
    client = Client(server)
    assert_refused(client.request("GET", "/llms.txt"), 404, "NOT_FOUND")
    client.close()
    server.close()
