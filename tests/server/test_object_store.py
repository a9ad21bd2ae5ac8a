"""Exports in an object store: a server of S3's protocol that runs beside the test, and one that is away."""

import asyncio
import gc
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from moto.moto_server.threaded_moto_server import ThreadedMotoServer

from models.kernel.clock import DAY_MS
from models.kernel.problems import Unavailable
from tests.api.saasquatch.conftest import SaasquatchTenant
from tests.api.saasquatch.test_export import link, look, order
from tests.server.test_production import production
from troth.object_store import FETCHED_MAX, ObjectStore, read_url
from troth.settings import Settings
from troth.starting import CannotStart

KEY = "exports/demo/5f00000000000000000000c1.csv"
NOW_MS = 1_790_000_000_000


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def url(endpoint: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A bucket of this test's own."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    bucket = f"b{abs(hash(request.node.nodeid))}"
    url = f"s3://{bucket}/troth/files?endpoint={endpoint}&region=us-east-1"
    ObjectStore(url)._client.create_bucket(Bucket=bucket)
    return url


@pytest.fixture
def away_url(monkeypatch: pytest.MonkeyPatch) -> str:
    """A store at a port where nobody listens."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return f"s3://bucket?endpoint=http://127.0.0.1:{port}&region=us-east-1"


def write(store: ObjectStore, key: str, content: bytes, now_ms: int = NOW_MS) -> None:
    with store.writing(key, now_ms) as draft:
        draft.write_bytes(content)


def fail_within(store: ObjectStore) -> None:
    with store.writing(KEY, NOW_MS) as draft:
        draft.write_bytes(b"half")
        raise ZeroDivisionError


def objects(store: ObjectStore) -> list[str]:
    return list(store._objects(""))


class TestStore:
    def test_what_is_written_is_fetched_by_another_server_with_its_date(self, url: str) -> None:
        write(ObjectStore(url), KEY, b"a,b\n")
        reader = ObjectStore(url)
        path = reader.fetch(KEY)
        assert path is not None
        assert (path.name, path.read_bytes(), path.stat().st_mtime_ns // 1_000_000) == (
            "5f00000000000000000000c1.csv",
            b"a,b\n",
            NOW_MS,
        )

    def test_objects_lie_below_the_prefix(self, url: str) -> None:
        store = ObjectStore(url)
        write(store, KEY, b"x")
        assert objects(store) == [f"troth/files/{KEY}"]

    def test_a_file_that_was_written_again_is_fetched_again_and_the_same_one_is_not(self, url: str) -> None:
        store = ObjectStore(url)
        write(store, KEY, b"first")
        first = store.fetch(KEY)
        assert store.fetch(KEY) == first
        write(store, KEY, b"second")
        second = store.fetch(KEY)
        assert second is not None
        assert (second != first, second.read_bytes()) == (True, b"second")

    def test_a_file_that_failed_is_not_there(self, url: str) -> None:
        store = ObjectStore(url)
        with pytest.raises(ZeroDivisionError):
            fail_within(store)
        assert (objects(store), store.fetch(KEY)) == ([], None)

    def test_a_large_file_goes_in_parts_and_comes_back_whole(self, url: str) -> None:
        content = bytes(range(256)) * 80_000  # 20 MB; a part has 8
        write(ObjectStore(url), KEY, content)
        reader = ObjectStore(url)
        path = reader.fetch(KEY)
        assert path is not None
        assert path.read_bytes() == content

    def test_deleting_removes_one_and_a_folder_all_of_a_tenant_and_no_others(self, url: str) -> None:
        store = ObjectStore(url)
        for key in (KEY, "exports/demo/second.csv", "exports/demo2/third.csv"):
            write(store, key, b"x")
        store.delete(KEY)
        assert len(objects(store)) == 2
        store.delete(KEY)
        store.delete_folder("exports/demo")
        assert objects(store) == ["troth/files/exports/demo2/third.csv"]

    def test_only_the_last_fetched_files_are_kept_here(self, url: str) -> None:
        store = ObjectStore(url)
        for number in range(FETCHED_MAX + 3):
            write(store, f"exports/demo/{number}.csv", b"x")
            assert store.fetch(f"exports/demo/{number}.csv") is not None
        assert len(list(store.folder.glob("fetched-*"))) == FETCHED_MAX

    def test_a_store_that_is_away_is_an_error_of_the_system(self, away_url: str) -> None:
        store = ObjectStore(away_url)
        for call in (store.check, lambda: store.delete(KEY), lambda: write(store, KEY, b"x")):
            with pytest.raises(OSError, match=r"127\.0\.0\.1"):
                call()
        with pytest.raises(Unavailable):
            store.fetch(KEY)


class TestServer:
    def test_an_export_is_kept_in_the_store_and_downloaded_in_ranges(self, url: str) -> None:
        with production(files_url=url, require_https=False) as tenant:
            export, address = _export(tenant)
            store: ObjectStore = tenant.server.runtime.services["files"]
            (name,) = objects(store)
            assert name.endswith(f"/{export['id']}.csv")
            whole = tenant.client.request("GET", address)
            part = tenant.client.request("GET", address, headers={"Range": "bytes=0-3"})
            assert (whole.status_code, part.status_code, part.content) == (200, 206, whole.content[:4])
            assert b"ana" in whole.content
            assert whole.headers["content-type"].startswith("text/csv")

    def test_a_file_that_is_gone_and_a_store_that_is_away_are_told_apart(
        self, url: str, away_url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with production(files_url=url, require_https=False) as tenant:
            _export_made, address = _export(tenant)
            store: ObjectStore = tenant.server.runtime.services["files"]
            monkeypatch.setattr(store, "_client", ObjectStore(away_url)._client)
            away = tenant.client.request("GET", address)
            assert (away.status_code, away.json()["error"]["code"]) == (503, "UNAVAILABLE")
            monkeypatch.undo()
            store.delete_folder("exports")
            gone = tenant.client.request("GET", address)
            assert (gone.status_code, gone.json()["error"]["code"]) == (410, "GONE")

    def test_the_file_of_an_expired_export_is_deleted_from_the_store(self, url: str) -> None:
        with production(files_url=url, require_https=False) as tenant:
            _export(tenant)
            store: ObjectStore = tenant.server.runtime.services["files"]
            assert len(objects(store)) == 1
            dispatch(tenant, 29 * DAY_MS)
            assert objects(store) == []


def dispatch(tenant: SaasquatchTenant, after_ms: int = 0) -> None:
    """Do what is due, or will be in a while."""
    runtime = tenant.server.runtime
    asyncio.run(runtime.services["dispatcher"].advance_by(runtime.main, after_ms))


def _export(tenant: SaasquatchTenant) -> tuple[dict[str, Any], str]:
    """An export of one user that is done, and the address of its file."""
    assert tenant.put(tenant.user_path("ana"), json={"id": "ana", "accountId": "ana"}).status_code == 200
    export = order(tenant)
    dispatch(tenant)
    assert look(tenant, export)["status"] == "COMPLETED"
    return export, link(tenant, export)


class TestSetting:
    @pytest.mark.parametrize(
        ("url", "says"),
        [
            ("https://bucket/prefix", "s3://BUCKET"),
            ("s3://", "s3://BUCKET"),
            ("s3://key:secret@bucket", "s3://BUCKET"),
            ("s3://bucket?acl=public", "no option acl"),
            ("s3://bucket?endpoint=minio:9000", "https://HOST"),
        ],
    )
    def test_a_url_of_something_else_is_refused(self, url: str, says: str) -> None:
        with pytest.raises(ValueError, match=says):
            Settings(files_url=url)

    def test_a_url_is_read(self) -> None:
        assert read_url("s3://bucket/a/b/?endpoint=http://s3:9000&region=eu-west-1") == (
            "bucket",
            "a/b/",
            "http://s3:9000",
            "eu-west-1",
        )

    def test_a_server_without_its_store_does_not_start(self, away_url: str) -> None:
        with production(files_url=away_url) as tenant, pytest.raises(CannotStart, match="TROTH_FILES_URL"):
            tenant.server.runtime.check_files()

    def test_a_mock_has_no_store(self, url: str) -> None:
        from troth.mock.run import build_mock

        with pytest.raises(CannotStart, match="unset TROTH_FILES_URL"):
            build_mock(Settings(mock=True, database_url="sqlite://", files_url=url), "empty")

    def test_without_boto3_the_extra_is_named(self, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "boto3", None)
        with pytest.raises(CannotStart, match=r"troth\[s3\]"):
            ObjectStore(url)


def test_nothing_is_left_on_this_machine(url: str) -> None:
    store = ObjectStore(url)
    folder = Path(store.folder)
    write(store, KEY, b"x")
    del store
    gc.collect()
    assert not folder.exists()
