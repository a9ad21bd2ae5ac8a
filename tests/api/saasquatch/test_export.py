"""Exports: order, state, file, link; what is in each type of report."""

import csv
import gc
import io
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from models.files import BadKey, FileStore
from models.kernel.clock import DAY_MS, MINUTE_MS
from models.kernel.times import iso
from models.saasquatch.tables import Reward, User
from tests.api.saasquatch.conftest import PROGRAM, SaasquatchTenant, make_tenant
from tests.support.client import Client, segment
from tests.support.refusals import assert_refused
from troth.app import Server

UNKNOWN = "0" * 24
TYPES = ["USER", "USER_REFERRAL", "REFERRAL", "USER_REWARD_BALANCE", "REWARD_BALANCE", "REWARD"]


def order(tenant: SaasquatchTenant, export_type: str = "USER", **members: Any) -> dict[str, Any]:
    """Order an export; its job has run when this returns."""
    answer = tenant.post("/export", json={"type": export_type, **members})
    assert answer.status_code == 201, answer.text
    return answer.json()


def look(tenant: SaasquatchTenant, export: dict[str, Any]) -> dict[str, Any]:
    answer = tenant.get(f"/export/{export['id']}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def link(tenant: SaasquatchTenant, export: dict[str, Any]) -> str:
    """The path of the signed address of an export's file."""
    answer = tenant.get(f"/export/{export['id']}/download")
    assert answer.status_code == 303, answer.text
    location = answer.headers["location"]
    assert location.startswith(tenant.server.runtime.public_url + "/files/")
    return location.removeprefix(tenant.server.runtime.public_url)


def download(tenant: SaasquatchTenant, export: dict[str, Any]) -> Any:
    answer = tenant.client.request("GET", link(tenant, export))
    assert answer.status_code == 200, answer.text
    return answer


def table(tenant: SaasquatchTenant, export_type: str, **params: Any) -> list[dict[str, str]]:
    """The rows of a CSV export by column."""
    answer = download(tenant, order(tenant, export_type, params=params or None))
    rows = list(csv.reader(io.StringIO(answer.content.decode(), newline="")))
    assert all(len(row) == len(rows[0]) for row in rows)
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def give(tenant: SaasquatchTenant, user_id: str, account_id: str | None = None, **reward: Any) -> dict[str, Any]:
    answer = tenant.post(
        f"/rewards/account/{account_id or user_id}/user/{user_id}",
        json={"type": "CREDIT", "unit": "CENTS", "assignedCredit": 1000} | reward,
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


def cells(*values: Any) -> list[str]:
    return ["" if value is None else str(value) for value in values]


class TestOrder:
    def test_it_is_pending_at_first_and_done_by_the_next_call(self, tenant: SaasquatchTenant) -> None:
        made = order(
            tenant, name="Users", format="CSV", params={"createdSince": "2026-01-01T00:00:00Z", "programId": "p"}
        )
        assert made == {
            "id": made["id"],
            "type": "USER",
            "format": "CSV",
            "name": "Users",
            "requester": "API",
            "params": {"createdSince": "2026-01-01T00:00:00Z", "programId": "p"},
            "mailtoEmail": None,
            "status": "PENDING",
            "dateCreated": made["dateCreated"],
            "dateCompleted": None,
            "dateExpires": None,
        }
        done = look(tenant, made)
        assert done["status"] == "COMPLETED"
        assert done["dateExpires"] == done["dateCompleted"] + 28 * DAY_MS
        assert done["params"] == made["params"]

    @pytest.mark.parametrize("export_type", TYPES)
    def test_every_type_is_made_of_an_empty_tenant_with_a_header_only(
        self, tenant: SaasquatchTenant, export_type: str
    ) -> None:
        text = download(tenant, order(tenant, export_type)).content.decode()
        assert text.count("\r\n") == 1
        assert text.endswith("\r\n")

    def test_what_is_left_out_has_its_default(self, tenant: SaasquatchTenant) -> None:
        made = order(tenant)
        assert (made["format"], made["name"], made["requester"], made["params"]) == ("CSV", None, "API", None)
        assert order(tenant, requester="Ana")["requester"] == "Ana"

    @pytest.mark.parametrize(
        ("member", "body"),
        [
            ("type", {}),
            ("type", {"type": "COFFEE"}),
            ("format", {"type": "USER", "format": "PDF"}),
            ("name", {"type": "USER", "name": 5}),
            ("params", {"type": "USER", "params": 5}),
            ("createdSince", {"type": "USER", "params": {"createdSince": "yesterday"}}),
            ("createdSince", {"type": "USER", "params": {"createdSince": -1}}),
            ("createdSince", {"type": "USER", "params": {"createdSince": "2026-02-30"}}),
            ("createdSince", {"type": "USER", "params": {"createdSince": "2026-04-31T10:00Z"}}),
            ("createdSince", {"type": "USER", "params": {"createdSince": "2026-01-15512"}}),
            ("createdSince", {"type": "USER", "params": {"createdSince": "2026-01-15T10:00:00+01:60"}}),
            ("updatedBefore", {"type": "REWARD", "params": {"updatedBefore": "2025-02-29"}}),
            ("includeUserStatsFields", {"type": "USER", "params": {"fields": {"includeUserStatsFields": 1}}}),
            ("type_eq", {"type": "REWARD", "params": {"filter": {"type_eq": 5}}}),
            ("colour_eq", {"type": "REWARD", "params": {"filter": {"colour_eq": "red"}}}),
            ("typ_eq", {"type": "REWARD", "params": {"filter": {"type_eq": "CREDIT", "typ_eq": None}}}),
            ("filter", {"type": "USER", "params": {"filter": {"x": 1}}}),
            ("filter", {"type": "REWARD", "filter": {"type_eq": "CREDIT"}}),
            ("programId", {"type": "USER", "programId": "p"}),
            ("colour", {"type": "USER", "params": {"colour": "red"}}),
            ("createdAfter", {"type": "USER", "params": {"createdSince": 0, "createdAfter": 5}}),
            ("includeUser", {"type": "REWARD", "params": {"fields": {"includeUser": True}}}),
            ("name", {"type": "USER", "name": "n" * 256}),
        ],
    )
    def test_what_cannot_be_read_is_refused_and_orders_nothing(
        self, tenant: SaasquatchTenant, member: str, body: Any
    ) -> None:
        answer = tenant.post("/export", json=body)
        assert (answer.status_code, member in answer.json()["message"]) == (400, True), answer.text
        assert tenant.get("/export/history/list").json()["totalCount"] == 0
        assert tenant.events() == []

    def test_null_and_what_does_not_apply_to_the_type_are_ignored(self, tenant: SaasquatchTenant) -> None:
        tenant.user("u")
        rows = table(
            tenant,
            "REWARD_BALANCE",
            createdSince=None,
            createdOrUpdatedSince="2030-01-01",
            fields={"includeSegments": True},
        )
        assert rows == []
        assert len(table(tenant, "USER", filter={"type_eq": "CREDIT"}, at=5, programId=None, createdSince=None)) == 1

    def test_there_is_an_event_when_it_is_ordered_and_when_it_is_done(self, tenant: SaasquatchTenant) -> None:
        tenant.user("u")
        made = order(tenant, "USER", name="n", format="XLSX", params={"createdSince": 0})
        data = {
            "id": made["id"],
            "name": "n",
            "requester": "API",
            "status": "PENDING",
            "dateCreated": made["dateCreated"],
            "dateCompleted": None,
            "dateExpires": None,
            "mailtoEmail": None,
            "outputFormat": "XLSX",
            "task": "USER",
            "operation": "QUERY",
            "params": {"createdSince": 0},
            "stats": None,
            "fileRef": None,
        }
        assert [event["data"] for event in tenant.events("export.created")] == [data]
        done = look(tenant, made)
        assert [event["data"] for event in tenant.events("export.completed")] == [
            data
            | {
                "status": "COMPLETED",
                "dateCompleted": done["dateCompleted"],
                "dateExpires": done["dateExpires"],
                "stats": {"recordsProcessed": 1, "errors": 0},
            }
        ]

    def test_the_same_order_twice_is_two_exports(self, tenant: SaasquatchTenant) -> None:
        assert order(tenant)["id"] != order(tenant)["id"]
        assert tenant.get("/export/history/list").json()["totalCount"] == 2


class TestList:
    def test_newest_first_a_page_at_a_time(self, tenant: SaasquatchTenant) -> None:
        ids = [order(tenant, name=str(n))["id"] for n in range(5)][::-1]

        def page(query: str = "") -> tuple[list[str], int, int]:
            answer = tenant.get(f"/export/history/list{query}").json()
            return [row["id"] for row in answer["data"]], answer["count"], answer["totalCount"]

        assert page() == (ids, 5, 5)
        assert page("?limit=2") == (ids[:2], 2, 5)
        assert page("?limit=2&offset=4") == (ids[4:], 1, 5)
        assert page("?offset=5") == ([], 0, 5)
        for wrong in ("limit=0", "limit=1001", "offset=-1"):
            answer = tenant.get(f"/export/history/list?{wrong}")
            assert (answer.status_code, wrong.partition("=")[0] in answer.json()["message"]) == (400, True), wrong

    def test_a_row_is_what_the_export_itself_shows(self, tenant: SaasquatchTenant) -> None:
        made = order(tenant, params={"createdSince": 1})
        assert tenant.get("/export/history/list").json()["data"] == [look(tenant, made)]


class TestAccess:
    def test_others_see_nothing_of_it(self, tenant: SaasquatchTenant, other_tenant: SaasquatchTenant) -> None:
        made = order(tenant)
        assert_refused(other_tenant.get(f"/export/{made['id']}"), 404, "EXPORT_NOT_FOUND")
        assert_refused(other_tenant.get(f"/export/{made['id']}/download"), 404, "EXPORT_NOT_FOUND")
        assert other_tenant.get("/export/history/list").json()["data"] == []

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("POST", "/export"),
            ("GET", "/export/history/list"),
            ("GET", f"/export/{UNKNOWN}"),
            ("GET", f"/export/{UNKNOWN}/download"),
        ],
    )
    def test_a_key_of_this_tenant_is_needed(
        self, tenant: SaasquatchTenant, other_tenant: SaasquatchTenant, method: str, path: str
    ) -> None:
        for auth in (None, ("", other_tenant.key), ("", "wrong")):
            assert_refused(tenant.call(method, path, auth=auth, json={"type": "USER"}), 401, "UNAUTHORIZED")

    def test_an_unknown_export_is_a_404(self, tenant: SaasquatchTenant) -> None:
        assert_refused(tenant.get(f"/export/{UNKNOWN}"), 404, "EXPORT_NOT_FOUND")
        assert_refused(tenant.get(f"/export/{UNKNOWN}/download"), 404, "EXPORT_NOT_FOUND")
        assert_refused(tenant.get("/export/history"), 404, "EXPORT_NOT_FOUND")


class TestDownload:
    def test_the_address_ends_with_the_tenant_and_the_export_and_needs_no_key(self, tenant: SaasquatchTenant) -> None:
        tenant.user("u")
        made = order(tenant)
        path = link(tenant, made)
        assert path.endswith(f"/exports/{tenant.alias}/{made['id']}.csv")
        answer = tenant.client.request("GET", path)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
        assert answer.headers["content-disposition"] == f'attachment; filename="{made["id"]}.csv"'
        assert tenant.client.request("GET", f"/saasquatch{path}").content == answer.content

    def test_the_file_is_as_old_as_the_export_on_the_tenants_clock(self, tenant: SaasquatchTenant) -> None:
        from email.utils import parsedate_to_datetime

        made = order(tenant)
        modified = parsedate_to_datetime(download(tenant, made).headers["last-modified"])
        assert int(modified.timestamp()) == look(tenant, made)["dateCompleted"] // 1000

    def test_it_expires_after_15_minutes_and_can_be_had_again(self, tenant: SaasquatchTenant) -> None:
        made = order(tenant)
        path = link(tenant, made)
        tenant.advance(15 * MINUTE_MS - 1)
        assert tenant.client.request("GET", path).status_code == 200
        tenant.advance(1)
        gone = tenant.client.request("GET", path)
        assert (gone.status_code, gone.json()["error"]["code"]) == (410, "GONE")
        again = link(tenant, made)
        assert again != path
        assert tenant.client.request("GET", again).status_code == 200
        assert_refused(tenant.client.request("GET", path), 404, "NOT_FOUND")

    def test_two_addresses_are_good_at_once(self, tenant: SaasquatchTenant) -> None:
        made = order(tenant)
        first, second = link(tenant, made), link(tenant, made)
        assert first != second
        assert tenant.client.request("GET", first).content == tenant.client.request("GET", second).content

    def test_a_token_opens_its_own_file_only(self, tenant: SaasquatchTenant, other_tenant: SaasquatchTenant) -> None:
        mine, other = order(tenant), order(tenant)
        path = link(tenant, mine)
        assert_refused(tenant.client.request("GET", path.replace(mine["id"], other["id"])), 404, "NOT_FOUND")
        assert_refused(tenant.client.request("GET", path.replace(tenant.alias, other_tenant.alias)), 404, "NOT_FOUND")
        assert_refused(tenant.client.request("GET", path.replace(".csv", ".zip")), 404, "NOT_FOUND")
        assert_refused(tenant.client.request("GET", path.replace("/files/", "/files/x")), 404, "NOT_FOUND")
        assert tenant.client.request(
            "GET", path.replace(f"{tenant.alias}/{mine['id']}", "%2e%2e/%2e%2e%2fetc")
        ).status_code in (400, 404)

    def test_after_28_days_the_export_has_expired_and_its_file_is_deleted(self, tenant: SaasquatchTenant) -> None:
        made = order(tenant)
        path = link(tenant, made)
        file = stored(tenant, made)
        assert file.is_file()
        tenant.advance(28 * DAY_MS - (tenant.now_ms - look(tenant, made)["dateCompleted"]) - 1)
        assert look(tenant, made)["status"] == "COMPLETED"
        assert file.is_file()
        tenant.advance(1)
        assert look(tenant, made)["status"] == "EXPIRED"
        assert not file.exists()
        refused = tenant.get(f"/export/{made['id']}/download")
        assert (refused.status_code, refused.json()["apiErrorCode"]) == (400, "EXPORT_NOT_READY")
        assert "expired" in refused.json()["message"]
        assert_refused(tenant.client.request("GET", path), 404, "NOT_FOUND")

    def test_a_file_that_somebody_removed_is_gone(self, tenant: SaasquatchTenant) -> None:
        made = order(tenant)
        stored(tenant, made).unlink()
        assert tenant.client.request("GET", link(tenant, made)).status_code == 410

    def test_before_it_is_done_there_is_nothing_to_download(
        self, tenant: SaasquatchTenant, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(tenant.server.runtime, "due_jobs", None)
        made = order(tenant)
        refused = tenant.get(f"/export/{made['id']}/download")
        assert (refused.status_code, refused.json()["apiErrorCode"]) == (400, "EXPORT_NOT_READY")
        monkeypatch.undo()
        tenant.advance(0)
        assert look(tenant, made)["status"] == "COMPLETED"

    def test_ranges_and_head_are_answered(self, tenant: SaasquatchTenant) -> None:
        path = link(tenant, order(tenant))
        whole = tenant.client.request("GET", path)
        part = tenant.client.request("GET", path, headers={"Range": "bytes=0-9"})
        assert (part.status_code, part.content) == (206, whole.content[:10])
        assert tenant.client.request("GET", path, headers={"Range": "bytes=999999-"}).status_code == 416
        head = tenant.client.request("HEAD", path)
        assert (head.content, head.headers["content-length"]) == (b"", str(len(whole.content)))

    @pytest.mark.parametrize(
        ("ranges", "status"),
        [
            ("bytes=0-3", 206),
            ("Bytes=2-", 206),
            ("bytes=-3", 206),
            ("bytes=0-1, 4-5", 206),
            ("bytes=999999999-", 416),
            ("bytes=-0", 416),
            ("items=0-3", 200),
            ("bytes", 200),
            ("bytes=", 200),
            ("bytes=a-b", 200),
            ("bytes=5-2", 200),
            ("bytes=0-3, 5-2", 200),
            ("bytes=0-3,", 200),
            ("bytes=" + "9" * 5_000 + "-", 200),
        ],
    )
    def test_a_range_that_cannot_be_read_is_ignored(self, tenant: SaasquatchTenant, ranges: str, status: int) -> None:
        """RFC 9110, section 14.2: an unknown unit must be ignored, what is malformed may be, and HEAD has no ranges."""
        path = link(tenant, order(tenant))
        whole = tenant.client.request("GET", path)
        answer = tenant.client.request("GET", path, headers={"Range": ranges})
        assert answer.status_code == status
        assert (answer.content == whole.content) == (status == 200)
        head = tenant.client.request("HEAD", path, headers={"Range": ranges})
        assert (head.status_code, head.headers["content-length"]) == (200, str(len(whole.content)))


def stored(tenant: SaasquatchTenant, export: dict[str, Any]) -> Path:
    return tenant.server.runtime.services["files"].path(f"exports/{tenant.alias}/{export['id']}.csv")


class TestFailure:
    def test_a_report_that_its_format_cannot_hold_is_aborted(
        self, tenant: SaasquatchTenant, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("models.saasquatch.exports.files.SHEET_COLUMNS_MAX", 5)
        made = order(tenant, format="XLSX")
        assert look(tenant, made)["status"] == "ABORTED"
        refused = tenant.get(f"/export/{made['id']}/download")
        assert (refused.status_code, "aborted" in refused.json()["message"]) == (400, True)
        assert tenant.events("export.completed") == []

    def test_a_disk_that_fails_leaves_it_pending_and_the_job_is_tried_again(
        self, tenant: SaasquatchTenant, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_arguments: Any, **_options: Any) -> int:
            raise OSError(28, "No space left on device")

        for name in ("write_csv", "write_copied_csv"):
            monkeypatch.setattr(f"models.saasquatch.exports.exports.{name}", full)
        made = order(tenant)
        assert look(tenant, made)["status"] == "PENDING"
        assert not stored(tenant, made).exists()
        monkeypatch.undo()
        tenant.advance(MINUTE_MS)
        assert look(tenant, made)["status"] == "COMPLETED"
        assert len(tenant.events("export.completed")) == 1


class TestFileStore:
    @pytest.mark.parametrize(
        "key", ["", "..", "a/../b", "/etc/passwd", "a//b", "a/", "a\\b", "a/.drafts", "a\0b", "a\n", "x" * 256]
    )
    def test_keys_stay_within_the_folder(self, tmp_path: Path, key: str) -> None:
        store = FileStore(tmp_path / "files")
        with pytest.raises(BadKey):
            store.path(key)
        with pytest.raises(BadKey), store.writing(key, 0):
            raise AssertionError
        assert not (tmp_path / "files").exists()

    def test_a_file_is_whole_or_not_there(self, tmp_path: Path) -> None:
        store = FileStore(tmp_path)
        with store.writing("a/b.csv", 0) as draft:
            draft.write_text("first")
            assert not store.path("a/b.csv").exists()
        with pytest.raises(UnicodeEncodeError), store.writing("a/b.csv", 0) as draft:
            draft.write_text("second\udc80", encoding="utf-8")
        assert store.path("a/b.csv").read_text() == "first"
        store.delete("a/b.csv")
        store.delete("a/b.csv")
        assert [file for file in tmp_path.rglob("*") if file.is_file()] == []
        assert list((tmp_path / ".drafts").iterdir()) == []


class TestUsers:
    COLUMNS = (
        "id",
        "accountId",
        "email",
        "firstName",
        "lastName",
        "referralCode",
        "imageUrl",
        "firstSeenIP",
        "lastSeenIP",
        "dateCreated",
        "dateUsTaxFormSubmitted",
        "emailHash",
        "referralSource",
        "locale",
        "countryCode",
    )
    LINKS = (
        "shareLink",
        "facebookShareLink",
        "twitterShareLink",
        "emailShareLink",
        "linkedinShareLink",
        "cleanShareLink",
    )

    def test_the_rows_are_the_users_as_the_list_shows_them(self, tenant: SaasquatchTenant) -> None:
        tenant.user(
            "ana",
            "acme",
            firstName="Ana",
            lastName="Stone",
            email="ana@example.org",
            locale="en_US",
            countryCode="US",
            customFields={"plan": "gold", "seats": 4},
            imageUrl="https://example.org/a.png",
        )
        tenant.user("bob", "acme", customFields={"seats": 1.5, "vip": True})
        tenant.user("日本", "ä/ö")
        rows = table(tenant, "USER")
        assert list(rows[0]) == [
            *self.COLUMNS,
            *self.LINKS,
            "customFields.plan",
            "customFields.seats",
            "customFields.vip",
        ]
        listed = tenant.get("/users").json()["users"]
        for row, user in zip(rows, listed, strict=True):
            names = [name for name in self.COLUMNS if name != "dateUsTaxFormSubmitted"]
            assert [row[name] for name in names] == cells(*(user[name] for name in names))
            urls = tenant.get(f"/account/{segment(user['accountId'])}/user/{segment(user['id'])}/shareurls").json()[
                "shareLinks"
            ]
            assert row["facebookShareLink"] == urls["UNKNOWN"]["FACEBOOK"]
            assert row["shareLink"] == row["cleanShareLink"] == urls["cleanShareLink"]
        custom = [[row[f"customFields.{name}"] for name in ("plan", "seats", "vip")] for row in rows]
        assert custom == [["gold", "4", ""], ["", "1.5", "true"], ["", "", ""]]

    def test_texts_are_kept_but_for_line_breaks(self, tenant: SaasquatchTenant) -> None:
        tenant.user(
            "u", firstName='He said "hi", then\r\nleft\n', lastName="=1+1\u2028x", customFields={"note": "a\tb\x0bc"}
        )
        answer = download(tenant, order(tenant))
        assert len(answer.content.decode().splitlines()) == 2
        row = table(tenant, "USER")[0]
        assert row["firstName"] == 'He said "hi", then left '
        assert row["lastName"] == "'=1+1 x"
        assert row["customFields.note"] == "a\tb c"

    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"])
    @pytest.mark.parametrize("raw", [False, True])
    def test_texts_that_spreadsheets_would_run_are_escaped_unless_they_are_wanted_raw(
        self, server: Server, client: Client, text: str, raw: bool
    ) -> None:
        tenant = make_tenant(server, client, settings={"rawCsvTexts": raw})
        tenant.user("u", firstName=text, lastName=f"a{text}", customFields={"number": -1.5, "text": text})
        row = table(tenant, "USER")[0]
        escaped = text if raw else f"'{text}"
        assert (row["firstName"], row["customFields.text"]) == (escaped, escaped)
        assert (row["lastName"], row["customFields.number"]) == (f"a{text}", "-1.5")

    def test_dates_include_since_and_exclude_before(self, tenant: SaasquatchTenant) -> None:
        for name in ("a", "b", "c"):
            tenant.user(name)
            tenant.advance(1000)
        created = {user["id"]: user["dateCreated"] for user in tenant.get("/users").json()["users"]}
        tenant.user("a", firstName="Changed")

        def ids(**params: Any) -> str:
            return "".join(row["id"] for row in table(tenant, "USER", **params))

        assert ids() == "abc"
        assert ids(createdSince=created["b"]) == "bc"
        assert ids(createdSince=created["b"] + 1) == "c"
        assert ids(createdBefore=created["b"]) == "a"
        assert ids(createdBefore=created["b"] + 1) == "ab"
        assert ids(createdSince=created["b"], createdBefore=created["c"]) == "b"
        assert ids(updatedSince=created["c"]) == "ac"
        assert ids(updatedBefore=created["c"]) == "b"
        assert ids(createdOrUpdatedSince=created["c"]) == "ac"
        assert ids(createdOrUpdatedBefore=created["b"]) == "a"
        assert ids(createdSince=created["b"], updatedBefore=created["c"]) == "b"
        assert ids(createdSince=created["c"], createdBefore=created["b"]) == ""
        within = iso(created["b"]).replace("Z", "001Z")  # a microsecond later
        assert (ids(createdSince=within), ids(createdBefore=within)) == ("c", "ab")

    def test_another_code_or_link_is_a_change_of_its_user(self, server: Server, client: Client) -> None:
        settings = {"allowReferralCodeEditOnUserUpsert": True, "primaryLinkDomain": "go.example.org"}
        tenant = make_tenant(server, client, settings=settings)
        for name in ("ana", "ben", "cyd"):
            tenant.user(name, referralCodes={"referral-program": f"{name}1"})
        tenant.advance(1000)
        since = tenant.now_ms
        tenant.user("ana", referralCodes={"referral-program": "another"})
        tenant.user("ben", referralCodes={"referral-program": "ben1"})
        tenant.user("cyd", shareLinks={"referral-program": "https://go.example.org/cyd"})
        changed = table(tenant, "USER", updatedSince=since)
        assert [row["id"] for row in changed] == ["ana", "cyd"]
        assert (changed[0]["referralCode"], changed[1]["shareLink"]) == ("another", "https://go.example.org/cyd")

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("1999-12-31", True),
            ("2999-01-01T00:00", False),
            ("1999-12-31T23:59:59.123456789Z", True),
            ("2999-12-31T23:59:59+0530", False),
        ],
    )
    def test_dates_can_be_texts(self, tenant: SaasquatchTenant, text: str, found: bool) -> None:
        tenant.user("u")
        assert bool(table(tenant, "USER", createdSince=text)) == found
        assert bool(table(tenant, "USER", createdBefore=text)) != found

    def test_texts_without_a_zone_are_in_utc_and_offsets_count(self, tenant: SaasquatchTenant) -> None:
        from datetime import UTC, datetime, timedelta, timezone

        tenant.user("u")
        now = datetime.fromtimestamp(tenant.get("/users").json()["users"][0]["dateCreated"] / 1000, UTC)
        later = now + timedelta(milliseconds=1)
        zone = timezone(timedelta(hours=5, minutes=30))
        for at, count in ((now, 1), (later, 0)):
            for text in (
                at.strftime("%Y-%m-%dT%H:%M:%S.%f"),
                at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
                at.astimezone(zone).isoformat(timespec="microseconds"),
            ):
                assert len(table(tenant, "USER", createdSince=text)) == count, text

    def test_code_and_links_are_of_the_program_that_is_named(self, server: Server, client: Client) -> None:
        tenant = make_tenant(server, client, programs=[PROGRAM, PROGRAM | {"id": "second", "name": "Second"}])
        codes = tenant.user("u")["referralCodes"]
        assert table(tenant, "USER")[0]["referralCode"] == codes["referral-program"]
        second = table(tenant, "USER", programId="second")[0]
        assert second["referralCode"] == codes["second"]
        assert second["cleanShareLink"] != table(tenant, "USER")[0]["cleanShareLink"]
        nothing = table(tenant, "USER", programId="third")[0]
        assert (nothing["id"], nothing["referralCode"], nothing["shareLink"]) == ("u", "", "")

    def test_statistics_count_clicks_referrals_conversions_and_rewards(self, tenant: SaasquatchTenant) -> None:
        code = tenant.user("ana")["referralCodes"]["referral-program"]
        refer(tenant, code, "bob")
        refer(tenant, code, "cyd", convert=True)
        urls = tenant.get("/account/ana/user/ana/shareurls").json()["shareLinks"]
        for _ in range(3):
            click(tenant, urls["EMBED"]["EMAIL"])
        fields = {"includeUserStatsFields": True}
        rows = {row["id"]: row for row in table(tenant, "USER", fields=fields)}
        names = list(rows["ana"])
        assert names[15:25] == [
            "stats.dateModified",
            "stats.traffic",
            "stats.referrals",
            "stats.conversions",
            "stats.goals",
            "stats.rewards",
            "stats.widgetLoads",
            "stats.revenue",
            "stats.generatedRevenue",
            "stats.referredRevenue",
        ]
        assert names[25] == "shareLink"
        assert [rows["ana"][name] for name in names[16:25]] == cells(3, 2, 1, None, 1, None, None, None, None)
        assert [rows["cyd"][name] for name in names[16:25]] == cells(0, 0, 0, None, 1, None, None, None, None)
        assert "stats.traffic" not in table(tenant, "USER")[0]
        other = {row["id"]: row for row in table(tenant, "USER", fields=fields, programId="other")}
        assert (other["ana"]["stats.traffic"], other["ana"]["stats.referrals"]) == ("0", "0")

    def test_more_users_than_a_page_each_come_once(
        self, tenant: SaasquatchTenant, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("models.saasquatch.exports.pages.PAGE_ROWS", 3)
        for n in range(7):
            tenant.user(f"u{n}")
        unit = tenant.unit()
        with unit.transaction() as session:
            for user in session.scalars(unit.scoped(User)):
                user.created_ms = 5
        for count in (7, 9):
            rows = table(tenant, "USER")
            assert sorted(row["id"] for row in rows) == sorted({f"u{n}" for n in range(count)})
            tenant.user("u7")
            tenant.user("u8")


def refer(tenant: SaasquatchTenant, code: str, user_id: str, *, convert: bool = False, **members: Any) -> None:
    tenant.user(user_id, referredByCodes=[code], **members)
    if convert:
        answer = tenant.post(
            f"/open/account/{user_id}/user/{user_id}/events",
            json={"userId": user_id, "accountId": user_id, "events": [{"key": "purchase"}]},
        )
        assert answer.status_code == 200, answer.text


def click(tenant: SaasquatchTenant, url: str) -> Any:
    answer = tenant.client.request("GET", url.removeprefix(tenant.server.runtime.public_url))
    assert answer.status_code == 302, answer.text
    return answer


class TestReferrals:
    def test_the_rows_are_the_referrals_as_the_list_shows_them(self, tenant: SaasquatchTenant) -> None:
        code = tenant.user("ana", firstName="Ana", email="ana@example.org")["referralCodes"]["referral-program"]
        refer(tenant, code, "bob", firstName="Bob", locale="de_DE")
        refer(tenant, code, "cyd", convert=True)
        rows = table(tenant, "REFERRAL")
        listed = tenant.get("/referrals").json()["referrals"]
        assert len(rows[0]) == 37
        for row, referral in zip(rows, listed, strict=True):
            same = [
                "id",
                "dateModified",
                "dateReferralStarted",
                "dateConverted",
                "dateUserModified",
                "programId",
                "moderationStatus",
                "dateModerated",
                "dateReferralPaid",
                "dateReferralEnded",
                "referredModerationStatus",
                "referrerModerationStatus",
            ]
            assert [row[name] for name in same] == cells(*(referral[name] for name in same))
            assert row["programName"] == "Referral program"
            for side in ("referred", "referrer"):
                user, reward = referral[f"{side}User"], referral[f"{side}Reward"]
                assert [row[f"{side}User"], row[f"{side}Account"]] == [user["id"], user["accountId"]]
                assert row[f"{side}Reward"] == (reward["id"] if reward else "")
                for name in (
                    "email",
                    "firstName",
                    "lastName",
                    "referralCode",
                    "firstSeenIP",
                    "lastSeenIP",
                    "imageUrl",
                    "locale",
                    "dateCreated",
                ):
                    assert row[f"{side}User{name[0].upper()}{name[1:]}"] == cells(user[name])[0]

    def test_dates_and_program_narrow_it(self, server: Server, client: Client) -> None:
        tenant = make_tenant(server, client, programs=[PROGRAM, PROGRAM | {"id": "second", "name": "Second"}])
        codes = tenant.user("ana")["referralCodes"]
        refer(tenant, codes["referral-program"], "bob")
        tenant.advance(1000)
        refer(tenant, codes["second"], "cyd")
        started = [row["dateReferralStarted"] for row in tenant.get("/referrals").json()["referrals"]]

        def who(**params: Any) -> list[str]:
            return [row["referredUser"] for row in table(tenant, "REFERRAL", **params)]

        assert who() == ["bob", "cyd"]
        assert who(programId="second") == ["cyd"]
        assert who(programId="third") == []
        assert who(createdSince=started[1]) == ["cyd"]
        assert who(createdBefore=started[1]) == ["bob"]
        assert who(updatedSince=started[1] + 1) == []
        assert who(createdOrUpdatedSince=started[0], programId="referral-program") == ["bob"]

    @pytest.mark.parametrize("account", ["ana", "bob"])
    def test_an_account_that_is_deleted_after_its_users_changes_its_referrals(
        self, tenant: SaasquatchTenant, account: str
    ) -> None:
        refer(tenant, tenant.user("ana")["referralCodes"]["referral-program"], "bob")
        tenant.delete(tenant.user_path(account))
        tenant.advance(1000)
        since = tenant.now_ms
        assert table(tenant, "REFERRAL", updatedSince=since) == []
        tenant.delete(f"/open/account/{account}")
        (row,) = table(tenant, "REFERRAL", updatedSince=since)
        assert row["referrerAccount" if account == "ana" else "referredAccount"] == ""

    def test_a_deleted_referrer_changes_the_user_who_loses_the_code(self, tenant: SaasquatchTenant) -> None:
        refer(tenant, tenant.user("ana")["referralCodes"]["referral-program"], "bob")
        tenant.user("cyd")
        tenant.advance(1000)
        since = tenant.now_ms
        tenant.delete(tenant.user_path("ana"))
        assert [row["id"] for row in table(tenant, "USER", updatedSince=since)] == ["bob"]

    def test_a_deleted_user_leaves_empty_cells(self, tenant: SaasquatchTenant) -> None:
        code = tenant.user("ana", email="ana@example.org")["referralCodes"]["referral-program"]
        refer(tenant, code, "bob", email="bob@example.org")
        assert tenant.delete(tenant.user_path("ana")).status_code == 204
        row = table(tenant, "REFERRAL")[0]
        assert (row["referrerUser"], row["referrerAccount"], row["referrerUserEmail"]) == ("", "ana", "")
        assert (row["referredUser"], row["referredUserEmail"]) == ("bob", "bob@example.org")


class TestUserReferral:
    def test_it_is_the_user_with_the_referral_that_brought_them(self, tenant: SaasquatchTenant) -> None:
        code = tenant.user("ana", customFields={"plan": "gold"})["referralCodes"]["referral-program"]
        refer(tenant, code, "bob")
        tenant.user("bea", "bob")
        rows, users, referrals = (table(tenant, name) for name in ("USER_REFERRAL", "USER", "REFERRAL"))
        assert list(rows[0]) == [*users[0], *(f"referral.{name}" for name in referrals[0])]
        assert [[row[name] for name in users[0]] for row in rows] == [list(user.values()) for user in users]
        shown = [{name: row[f"referral.{name}"] for name in referrals[0]} for row in rows]
        assert [row["id"] for row in rows] == ["ana", "bob", "bea"]
        assert shown[1] == referrals[0]
        assert set(shown[0].values()) == set(shown[2].values()) == {""}

    def test_a_referral_of_another_program_is_not_shown(self, tenant: SaasquatchTenant) -> None:
        refer(tenant, tenant.user("ana")["referralCodes"]["referral-program"], "bob")
        rows = {row["id"]: row for row in table(tenant, "USER_REFERRAL", programId="referral-program")}
        assert rows["bob"]["referral.referrerUser"] == "ana"
        rows = {row["id"]: row for row in table(tenant, "USER_REFERRAL", programId="other")}
        assert rows["bob"]["referral.referrerUser"] == ""


class TestBalances:
    def test_one_row_for_each_user_type_and_unit_as_the_balances_of_the_api(self, tenant: SaasquatchTenant) -> None:
        for user in ("ana", "bob"):
            tenant.user(user, "acme", firstName=user, email=f"{user}@example.org")
        tenant.user("none")
        reward = give(tenant, "ana", "acme", assignedCredit=1080)
        give(tenant, "ana", "acme", assignedCredit=20, unit="cents")
        give(tenant, "ana", "acme", unit="POINT", assignedCredit=7, dateExpires=tenant.now_ms + 5000)
        give(tenant, "bob", "acme", assignedCredit=300)
        for body in (
            {"type": "PCT_DISCOUNT", "discountPercent": 15},
            {"type": "FUELTANK", "unit": "months", "amount": 2, "fuelTankCode": "A", "fuelTankType": "CREDIT"},
            {"type": "FUELTANK", "unit": "months", "amount": 3, "fuelTankCode": "B", "fuelTankType": "CREDIT"},
        ):
            assert tenant.post("/rewards/account/acme/user/ana", json=body).status_code == 201
        assert tenant.post(f"/credit/{reward['id']}/redeem", json={"amount": 500, "unit": "CENTS"}).status_code == 200
        tenant.advance(5000)
        rows = table(tenant, "REWARD_BALANCE")
        assert list(rows[0]) == [
            "userId",
            "accountId",
            "type",
            "unit",
            "amount",
            "totalAssignedCredit",
            "totalRedeemedCredit",
            "totalExpiredCredit",
            "email",
            "firstName",
            "lastName",
            "referralCode",
            "imageUrl",
            "firstSeenIP",
            "lastSeenIP",
            "dateCreated",
            "referralSource",
            "locale",
        ]
        assert [list(row.values())[:8] for row in rows] == [
            cells("ana", "acme", "CREDIT", "CENTS", 600, 1100, 500, 0),
            cells("ana", "acme", "CREDIT", "POINT", 0, 0, 0, 7),
            cells("ana", "acme", "FUELTANK", "months", 5, None, None, None),
            cells("ana", "acme", "PCT_DISCOUNT", "%", 15, None, None, None),
            cells("bob", "acme", "CREDIT", "CENTS", 300, 300, 0, 0),
        ]
        assert {row["email"] for row in rows} == {"ana@example.org", "bob@example.org"}
        for row in rows:
            if row["type"] == "CREDIT":
                path = f"/reward/balance?accountId=acme&userId={row['userId']}&rewardTypeFilter=CREDIT"
                balance = next(b for b in tenant.get(path).json() if b["unit"] == row["unit"])
                names = ["totalAssignedCredit", "totalRedeemedCredit", "totalExpiredCredit"]
                assert [row[name] for name in names] == cells(*(balance[name] for name in names))
                assert int(row["amount"]) == balance["totalAssignedCredit"] - balance["totalRedeemedCredit"]
        assert table(tenant, "USER_REWARD_BALANCE") == rows

    def test_the_dates_are_of_the_user(self, tenant: SaasquatchTenant) -> None:
        tenant.user("ana")
        tenant.advance(1000)
        tenant.user("bob")
        for user in ("bob", "ana"):
            give(tenant, user)
        created = tenant.get("/users").json()["users"][1]["dateCreated"]
        assert [row["userId"] for row in table(tenant, "REWARD_BALANCE", createdSince=created)] == ["bob"]
        assert [row["userId"] for row in table(tenant, "USER_REWARD_BALANCE", createdBefore=created)] == ["ana"]
        assert [row["userId"] for row in table(tenant, "REWARD_BALANCE", updatedSince=created)] == ["ana", "bob"]


class TestRewards:
    BASIC = (
        "id",
        "type",
        "value",
        "unit",
        "name",
        "dateCreated",
        "dateScheduledFor",
        "dateGiven",
        "dateExpires",
        "dateCancelled",
        "dateRedeemed",
        "dateModified",
        "rewardSource",
        "fuelTankType",
        "fuelTankCode",
        "programId",
        "programRewardKey",
        "globalRewardKey",
        "assignedCredit",
        "redeemedCredit",
        "availableValue",
        "statuses",
    )
    META = ("meta.status", "meta.message", "meta.internalMessage", "meta.dateModified")

    def test_every_type_with_its_value(self, tenant: SaasquatchTenant) -> None:
        tenant.user("u")
        credit = give(tenant, "u", name="Points", unit="POINT", assignedCredit=50)
        for body in (
            {"type": "PCT_DISCOUNT", "discountPercent": 15},
            {"type": "FUELTANK", "unit": "months", "amount": 2, "fuelTankCode": "A", "fuelTankType": "CREDIT"},
            {"type": "INTEGRATION", "unit": "USD", "valueInCents": 2500, "integrationSettings": {"utid": "U1"}},
        ):
            assert tenant.post("/rewards/account/u/user/u", json=body).status_code == 201
        assert tenant.post(f"/credit/{credit['id']}/redeem", json={"amount": 20, "unit": "POINT"}).status_code == 200
        rows = table(tenant, "REWARD")
        assert list(rows[0]) == [*self.BASIC, *self.META]
        names = [
            "type",
            "value",
            "unit",
            "fuelTankCode",
            "assignedCredit",
            "redeemedCredit",
            "availableValue",
            "statuses",
        ]
        assert [[row[name] for name in names] for row in rows] == [
            cells("CREDIT", 50, "POINT", None, 50, 20, 30, "AVAILABLE"),
            cells("PCT_DISCOUNT", 15, "%", None, None, None, 15, "AVAILABLE"),
            cells("FUELTANK", 2, "months", "A", None, None, 2, "AVAILABLE"),
            cells("INTEGRATION", 2500, "USD", None, None, None, 2500, "AVAILABLE"),
        ]
        shown = tenant.get(f"/reward/{credit['id']}").json()
        for name in ("id", "name", "dateCreated", "dateGiven", "dateExpires", "dateCancelled", "rewardSource"):
            assert rows[0][name] == cells(shown[name])[0]

    def test_filters_hold_together(self, tenant: SaasquatchTenant) -> None:
        for user in ("ana", "bob"):
            tenant.user(user, "acme")
            give(tenant, user, "acme", unit="POINT")
            give(tenant, user, "acme")
        tenant.post("/rewards/account/acme/user/ana", json={"type": "PCT_DISCOUNT", "discountPercent": 15})

        def count(**conditions: Any) -> int:
            return len(table(tenant, "REWARD", filter=conditions))

        assert count() == 5
        assert count(type_eq="CREDIT") == 4
        assert count(type_eq="CREDIT", unit_eq="POINT") == 2
        assert count(type_eq="CREDIT", unit_eq="POINT", userId_eq="ana") == 1
        assert count(accountId_eq="acme") == 5
        assert count(accountId_eq="other") == 0
        assert count(rewardSource_eq="MANUAL", programId_eq="referral-program") == 0
        assert count(unit_eq=None) == 5

    def test_at_shows_what_was_then(self, tenant: SaasquatchTenant) -> None:
        tenant.user("u")
        reward = give(tenant, "u", dateExpires=tenant.now_ms + 100_000)
        created = reward["dateCreated"]
        tenant.advance(1000)
        redeemed = tenant.now_ms
        assert tenant.post(f"/credit/{reward['id']}/redeem", json={"amount": 300, "unit": "CENTS"}).status_code == 200
        tenant.advance(1000)
        cancelled = give(tenant, "u", cancellable=True)
        tenant.advance(1000)
        assert tenant.post(f"/reward/{cancelled['id']}/cancel").status_code == 200

        def then(at: int | None) -> list[tuple[str, str, str]]:
            rows = table(tenant, "REWARD", at=at)
            return [(row["redeemedCredit"], row["availableValue"], row["statuses"]) for row in rows]

        assert then(None) == [("300", "700", "AVAILABLE"), ("0", "0", "CANCELLED")]
        assert then(created - 1) == []
        assert then(created) == then(redeemed - 1) == [("0", "1000", "AVAILABLE")]
        assert then(redeemed) == [("300", "700", "AVAILABLE")]
        assert then(cancelled["dateCreated"]) == [("300", "700", "AVAILABLE"), ("0", "1000", "AVAILABLE")]
        assert then(created + 200_000) == [("300", "0", "EXPIRED"), ("0", "0", "CANCELLED")]

    def test_a_scheduled_reward_is_pending_and_several_statuses_are_one_cell(self, tenant: SaasquatchTenant) -> None:
        tenant.user("u")
        due = tenant.now_ms + 10_000
        reward = give(tenant, "u", dateScheduledFor=due, cancellable=True)
        assert [(r["statuses"], r["availableValue"], r["dateGiven"]) for r in table(tenant, "REWARD")] == [
            ("PENDING", "0", "")
        ]
        assert [(r["statuses"], r["availableValue"]) for r in table(tenant, "REWARD", at=due)] == [
            ("AVAILABLE", "1000")
        ]
        assert tenant.post(f"/reward/{reward['id']}/cancel").status_code == 200
        assert table(tenant, "REWARD")[0]["statuses"] == "PENDING,CANCELLED"

    def test_user_and_referral_columns_come_when_asked_for(self, tenant: SaasquatchTenant) -> None:
        code = tenant.user("ana", firstName="Ana", email="ana@example.org")["referralCodes"]["referral-program"]
        refer(tenant, code, "bob", convert=True, firstName="Bob")
        give(tenant, "bob")
        rows = table(tenant, "REWARD", fields={"includeUserFields": True, "includeReferralFields": True})
        person = ["id", "accountId", "firstName", "lastName", "email"]
        assert list(rows[0]) == [
            *self.BASIC,
            *(f"user.{name}" for name in person),
            *self.META,
            "referral.id",
            "referral.dateReferralStarted",
            "referral.dateModified",
            "referral.referralCodeUsed",
            *(f"referral.referredUser.{name}" for name in person),
            *(f"referral.referrerUser.{name}" for name in person),
            "referral.dateConverted",
        ]
        referral = tenant.get("/referrals").json()["referrals"][0]
        given = {row["rewardSource"]: row for row in rows}
        assert (given["FRIEND_SIGNUP"]["user.id"], given["FRIEND_SIGNUP"]["user.email"]) == ("ana", "ana@example.org")
        assert given["REFERRED"]["user.firstName"] == "Bob"
        for source in ("FRIEND_SIGNUP", "REFERRED"):
            assert given[source]["referral.id"] == referral["id"]
            assert given[source]["referral.referrerUser.email"] == "ana@example.org"
            assert given[source]["referral.referredUser.id"] == "bob"
            assert given[source]["referral.dateConverted"] == str(referral["dateConverted"])
        assert (given["MANUAL"]["user.id"], given["MANUAL"]["referral.id"]) == ("bob", "")


class TestWorkbook:
    def test_it_is_one_workbook_in_a_zip_with_the_cells_of_the_csv(self, tenant: SaasquatchTenant) -> None:
        tenant.user(
            "u",
            firstName="=1+1",
            lastName="a\nb",
            customFields={"seats": 4, "vip": True, "link": "https://example.org"},
        )
        tenant.user("日本", firstName="\x02")
        made = order(tenant, format="XLSX")
        answer = download(tenant, made)
        assert answer.headers["content-type"] == "application/zip"
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            assert [member.filename for member in archive.infolist()] == [f"{made['id']}.xlsx"]
            book = openpyxl.load_workbook(io.BytesIO(archive.read(f"{made['id']}.xlsx")))
        sheet = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
        assert [cell.data_type for cell in next(book.worksheets[0].iter_rows(min_row=2))][3] == "s"
        rows = table(tenant, "USER")
        assert sheet[0] == list(rows[0])
        shown = [["" if v is None else "true" if v is True else str(v) for v in row] for row in sheet[1:]]
        assert shown[0] == [value.removeprefix("'") for value in rows[0].values()]
        assert shown[1][0] == "日本"

    def test_a_full_sheet_goes_on_on_the_next(self, tenant: SaasquatchTenant, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("models.saasquatch.exports.files.SHEET_ROWS_MAX", 3)
        for n in range(5):
            tenant.user(f"u{n}")
        made = order(tenant, format="XLSX")
        with zipfile.ZipFile(io.BytesIO(download(tenant, made).content)) as archive:
            book = openpyxl.load_workbook(io.BytesIO(archive.read(f"{made['id']}.xlsx")))
        ids = [[row[0].value for row in sheet.iter_rows()] for sheet in book.worksheets]
        assert ids == [["id", "u0", "u1"], ["id", "u2", "u3"], ["id", "u4"]]

    def test_the_same_rows_at_the_same_time_are_the_same_bytes(self, tmp_path: Path) -> None:
        from models.saasquatch.exports.files import write_zipped_xlsx

        files = []
        for n in (1, 2):
            folder = tmp_path / str(n)
            folder.mkdir()
            steps = write_zipped_xlsx(
                folder / "a.zip", ["x", "y"], [[[1, "a"]], [[2**53 + 1, None]]], 1_768_478_400_000
            )
            written: list[int] = []

            def run(steps: Any = steps, written: list[int] = written) -> Iterator[Any]:
                written.append((yield from steps))

            for _ in run():
                pass
            assert written == [2]
            assert [file.name for file in folder.iterdir()] == ["a.zip"]
            files.append((folder / "a.zip").read_bytes())
        assert files[0] == files[1]


class TestMemory:
    """The peak while a report is written does not grow with its rows."""

    @staticmethod
    def fill(tenant: SaasquatchTenant, start: int, end: int) -> None:
        unit = tenant.unit()
        with unit.transaction() as session:
            from sqlalchemy import insert

            now = unit.now_ms
            session.execute(
                insert(User),
                [
                    {
                        "tenant_id": unit.tenant_id,
                        "account_id": f"a{n}",
                        "id": f"u{n}",
                        "first_name": "Ana",
                        "image_url": "",
                        "email": f"u{n}@example.org",
                        "referral_source": "UNKNOWN",
                        "referable": True,
                        "created_ms": now + n // 7,
                        "modified_ms": now,
                        "custom_fields": {"plan": "gold", "n": n},
                        "segments": [],
                        "referred_by_codes": [],
                        "search": "",
                        "balance_version": 0,
                    }
                    for n in range(start, end)
                ],
            )
            session.execute(
                insert(Reward),
                [
                    {
                        "tenant_id": unit.tenant_id,
                        "id": f"{n:024x}",
                        "type": "CREDIT",
                        "account_id": f"a{n}",
                        "user_id": f"u{n}",
                        "source": "MANUAL",
                        "unit": "CENTS",
                        "cancellable": True,
                        "assigned": 10,
                        "redeemed": 0,
                        "created_ms": now,
                        "given_ms": now,
                        "modified_ms": now,
                    }
                    for n in range(start, end)
                ],
            )

    @staticmethod
    def peak(tenant: SaasquatchTenant, export_type: str, format: str) -> int:
        """The most bytes held at a time while an export runs, with garbage collected as often as in a server."""
        thresholds = gc.get_threshold()
        gc.set_threshold(700, 10, 10)
        tracemalloc.start()
        try:
            made = order(tenant, export_type, format=format)
            used = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
            gc.set_threshold(*thresholds)
        assert look(tenant, made)["status"] == "COMPLETED"
        return used

    @pytest.mark.parametrize(("export_type", "format"), [("USER", "XLSX"), ("REWARD_BALANCE", "CSV")])
    def test_it_stays_flat(self, tenant: SaasquatchTenant, export_type: str, format: str) -> None:
        if not tenant.server.runtime.storage.memory:
            pytest.skip("measured once, where it is quickest")
        self.fill(tenant, 0, 1_000)
        self.peak(tenant, export_type, format)
        small = self.peak(tenant, export_type, format)
        self.fill(tenant, 1_000, 8_000)
        large = self.peak(tenant, export_type, format)
        # What cycles leave behind until they are collected varies; to hold all rows would be eight times as much.
        assert large < small * 2, f"{small:,} bytes at 1,000 rows, {large:,} at 8,000"
        assert tenant.events("export.completed")[-1]["data"]["stats"] == {"recordsProcessed": 8_000, "errors": 0}
