"""Reset and snapshots: everything goes back, and nothing of another sandbox does."""

from pathlib import Path
from typing import Any

import pytest

from tests.mock.test_sandboxes import MAIN_KEY, add_user, base_of, create, key_of, users
from tests.support.client import Client
from tests.support.refusals import assert_refused
from troth.mock.run import build_mock
from troth.settings import Settings


def snapshot(mock: Client, name: str, at: str = "/_troth") -> Any:
    return mock.request("POST", f"{at}/snapshots", json={"name": name})


def test_after_a_reset_the_same_calls_give_the_same_bytes(mock: Client) -> None:
    def story() -> list[bytes]:
        first = add_user(mock, "/saasquatch", MAIN_KEY)
        mock.request("POST", "/_troth/clock/advance", json={"by": "P3D"})
        return [
            first.content,
            add_user(mock, "/saasquatch", MAIN_KEY, "ben").content,
            mock.request("GET", "/_troth/clock").content,
        ]

    before = story()
    answer = mock.request("POST", "/_troth/reset")
    assert (answer.status_code, answer.json()["now"]) == (200, "2026-01-15T12:00:00.000Z")
    assert story() == before


def test_a_reset_leaves_other_sandboxes_alone(mock: Client) -> None:
    made = create(mock, name="one")
    add_user(mock, base_of(made), key_of(made))
    mock.request("POST", "/_troth/reset").raise_for_status()
    assert users(mock, base_of(made), key_of(made)) == 1
    add_user(mock, "/saasquatch", MAIN_KEY)
    mock.request("POST", "/_troth/sandboxes/one/reset").raise_for_status()
    assert users(mock, base_of(made), key_of(made)) == 0
    assert users(mock, "/saasquatch", MAIN_KEY) == 1


def test_a_reset_ends_rate_limits(mock: Client) -> None:
    path = "/advocacy/api/v1/advocates"
    headers = {"Authorization": "Bearer sk_live_DEMO0STARTER0ADVOCACY0TROTH0"}
    left = mock.request("GET", path, headers=headers).headers["x-ratelimit-remaining"]
    assert mock.request("GET", path, headers=headers).headers["x-ratelimit-remaining"] < left
    mock.request("POST", "/_troth/reset").raise_for_status()
    assert mock.request("GET", path, headers=headers).headers["x-ratelimit-remaining"] == left


def test_a_snapshot_is_gone_back_to_as_often_as_wanted(mock: Client) -> None:
    add_user(mock, "/saasquatch", MAIN_KEY)
    assert snapshot(mock, "one-user").status_code == 201
    for _ in range(2):
        add_user(mock, "/saasquatch", MAIN_KEY, "ben")
        mock.request("POST", "/_troth/clock/advance", json={"by": "P1D"})
        answer = mock.request("POST", "/_troth/snapshots/one-user/restore")
        assert answer.status_code == 200
        assert answer.json()["now"].startswith("2026-01-15")
        assert users(mock, "/saasquatch", MAIN_KEY) == 1


def test_what_follows_a_restored_snapshot_has_the_bytes_that_followed_it_first(mock: Client) -> None:
    add_user(mock, "/saasquatch", MAIN_KEY)
    snapshot(mock, "one-user")
    first = add_user(mock, "/saasquatch", MAIN_KEY, "ben").content
    mock.request("POST", "/_troth/snapshots/one-user/restore").raise_for_status()
    assert add_user(mock, "/saasquatch", MAIN_KEY, "ben").content == first


def test_files_go_back_too(mock: Client) -> None:
    job = mock.request(
        "POST", "/saasquatch/api/v1/demo/export", auth=("", MAIN_KEY), json={"type": "USER", "name": "all"}
    )
    shown = mock.request("GET", f"/saasquatch/api/v1/demo/export/{job.json()['id']}", auth=("", MAIN_KEY)).json()
    assert shown["status"] == "COMPLETED", shown
    download = f"/saasquatch/api/v1/demo/export/{shown['id']}/download"
    snapshot(mock, "exported")
    mock.request("POST", "/_troth/reset").raise_for_status()
    assert_refused(mock.request("GET", download, auth=("", MAIN_KEY)), 404, "EXPORT_NOT_FOUND")
    mock.request("POST", "/_troth/snapshots/exported/restore").raise_for_status()
    assert mock.request("GET", download, auth=("", MAIN_KEY)).status_code == 303


def test_snapshots_are_listed_oldest_first_and_deleted(mock: Client) -> None:
    for name in ("b", "a"):
        snapshot(mock, name)
    listed = mock.request("GET", "/_troth/snapshots").json()["snapshots"]
    assert [one["name"] for one in listed] == ["b", "a"]
    assert all(one["size_bytes"] > 0 for one in listed)
    assert mock.request("DELETE", "/_troth/snapshots/b").status_code == 204
    for method, path in (("DELETE", "/_troth/snapshots/b"), ("POST", "/_troth/snapshots/b/restore")):
        answer = mock.request(method, path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "SNAPSHOT_NOT_FOUND")


def test_a_name_is_given_to_one_snapshot(mock: Client) -> None:
    snapshot(mock, "a")
    answer = snapshot(mock, "a")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "SNAPSHOT_EXISTS")


def test_a_sandbox_keeps_fifty(mock: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("troth.mock.sandboxes.SNAPSHOTS_MAX", 2)
    snapshot(mock, "a")
    snapshot(mock, "b")
    answer = snapshot(mock, "c")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "SNAPSHOTS_FULL")
    assert "2 snapshots" in answer.json()["error"]["message"]


def test_snapshots_belong_to_their_sandbox(mock: Client) -> None:
    create(mock, name="one")
    snapshot(mock, "a", "/_troth/sandboxes/one")
    assert mock.request("GET", "/_troth/snapshots").json()["snapshots"] == []
    assert mock.request("GET", "/_troth/sandboxes/one").json()["snapshots"] == ["a"]


def test_a_reset_deletes_no_file_of_others(tmp_path: Path) -> None:
    """The folder of files may be one that a served database uses too."""
    other = tmp_path / "exports" / "acme" / "5f00000000000000000000c1.csv"
    other.parent.mkdir(parents=True)
    other.write_text("id\n")
    server = build_mock(Settings(mock=True, database_url="sqlite://", fixed_clock=True, files_dir=tmp_path), "demo")
    client = Client(server)
    client.request("POST", "/_troth/reset").raise_for_status()
    assert other.read_text() == "id\n"
    assert [file for file in (tmp_path / "exports" / "demo").iterdir() if file.suffix == ".csv"]
    client.close()
    server.close()
