"""Seeding a mock: here or in forks, with the same outcome."""

import json
import os
import pickle
import sqlite3
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import yaml

from models.base import Base
from models.clock import FixedClock
from models.sandboxes import Sandbox
from models.tenants import CredentialRow, TenantRow
from tests.support.live import ON_ONE_CORE
from troth.scenarios import ScenarioError, find_scenario, sizes
from troth.seeding import Part, can_fork, parts
from troth.storage import Storage, import_tables

TROTH = Path(sys.executable).with_name("troth")
needs_fork = pytest.mark.skipif(sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2,
                                reason="a mock is seeded in forks on Linux with two cores only")

SCRIPT = dedent("""
    import hashlib, json, pathlib, sys
    from troth.mock import build_mock
    from troth.settings import Settings

    def content(server):
        '''Every row of every table, without what is sealed under a random nonce.'''
        with server.runtime.storage.engine.connect() as connection:
            driver = connection.connection.driver_connection
            names = [name for (name,) in driver.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
            found = {}
            for name in names:
                columns = [row[1] for row in driver.execute(f"PRAGMA table_info({name})") if row[1] != "sealed"]
                found[name] = sorted(map(repr, driver.execute(f"SELECT {', '.join(columns)} FROM {name}")))
            schema = sorted(map(repr, driver.execute("SELECT type, name, sql FROM sqlite_master")))
        folder = server.runtime.services["files"].folder
        files = {str(file.relative_to(folder)): file.read_bytes().hex() for file in sorted(folder.rglob("*.*")) if file.is_file()}
        digests = {name: hashlib.sha256(repr(rows).encode()).hexdigest() for name, rows in found.items()}
        main = server.runtime.main
        return {"rows": digests, "counts": {name: len(rows) for name, rows in found.items()}, "schema": schema, "files": files,
                "boot": main.boot, "now": main.clock.now_ms(), "causes": [main.next_cause(n) for n in range(1, 9)],
                "tenants": sorted(json.dumps(tenant, sort_keys=True) for tenant in server.runtime.services["info"]()["apis"].items())}

    fork, scenario = sys.argv[1] == "fork", sys.argv[2]
    server = build_mock(Settings(mock=True, database_url="sqlite://", fixed_clock=True, port=8080), scenario, fork=fork)
    print(json.dumps(content(server)))
""")


def built(how: str, scenario: str) -> dict[str, Any]:
    """What a mock holds that was built in a process of its own: with forks or without."""
    done = subprocess.run([sys.executable, "-c", SCRIPT, how, scenario], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def file(folder: Path, *projects: dict[str, Any]) -> str:
    """A scenario file of these projects."""
    made = folder / "scenario.yaml"
    made.write_text(yaml.safe_dump({"projects": list(projects)}))
    return str(made)


SHOP = {"api": "saasquatch", "project": "shop", "live": {"alias": "shop", "credentials": {"api_key": "LIVE_" + "S" * 30}, "populate": {
    "accounts": 5, "users": 8, "referrals": 3, "manual_rewards": 2, "events": 4}}, "programs": [
        {"id": "p", "name": "P", "landing_url": "https://shop.example/"}]}
CLUB = {"api": "loyalty_core", "project": "club", "live": {"alias": "club", "credentials": {"api_token": "lc_CLUB"}}}


@needs_fork
class TestForks:
    def test_the_demo_is_the_same_with_and_without(self) -> None:
        forked, here = built("fork", "demo"), built("here", "demo")
        assert forked["counts"]["lc_events"] > 5_000
        assert forked["counts"]["sq_users"] == 240
        assert len(forked["files"]) == 3
        for name, value in here.items():
            assert forked[name] == value, name

    @pytest.mark.parametrize("projects", [(SHOP,), (CLUB, SHOP)])
    def test_a_small_scenario_has_all_tables(self, tmp_path: Path, projects: tuple[dict[str, Any], ...]) -> None:
        forked = built("fork", file(tmp_path, *projects))
        import_tables()
        assert set(forked["counts"]) == set(Base.metadata.tables)
        assert (forked["counts"]["tenants"], forked["counts"]["sq_users"]) == (len(projects), 8)

    @pytest.mark.parametrize("broken", [
        {**CLUB, "live": {**CLUB["live"], "populate": {"members": "many"}}},
        {"api": "nothing", "project": "odd", "live": {"alias": "odd"}},
    ])
    def test_what_is_wrong_is_said_as_without(self, tmp_path: Path, broken: dict[str, Any]) -> None:
        other = SHOP if broken["project"] == "club" else CLUB
        scenario = file(tmp_path, other, broken)
        said = [
            subprocess.run([*prefix, TROTH, "mock", "--port", "0", "--scenario", scenario], capture_output=True, text=True, check=False)
            for prefix in ([], ON_ONE_CORE)
        ]
        assert {(done.returncode, done.stderr) for done in said} == {(1, said[0].stderr)}
        assert f"project {broken['project']}" in said[0].stderr

    def test_two_tenants_with_one_credential_are_refused(self, tmp_path: Path) -> None:
        same = {**CLUB, "live": {**CLUB["live"], "credentials": {"api_token": SHOP["live"]["credentials"]["api_key"]}}}
        done = subprocess.run([TROTH, "mock", "--port", "0", "--scenario", file(tmp_path, SHOP, same)], capture_output=True, text=True,
                              check=False)
        assert (done.returncode, "there twice" in done.stderr, "Traceback" in done.stderr) == (1, True, False), done.stderr

    def test_a_fork_that_dies_is_heard_of(self) -> None:
        script = dedent("""
            import os
            import troth.seeding as seeding
            from troth.mock import build_mock
            from troth.settings import Settings
            seeding._work = lambda *_: os._exit(9)
            try:
                build_mock(Settings(mock=True, database_url="sqlite://"), "demo", fork=True)
            except RuntimeError as error:
                print(error)
        """)
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
        assert "has died" in done.stdout, done.stderr

    def test_nothing_of_a_fork_is_left(self, tmp_path: Path) -> None:
        script = dedent("""
            import multiprocessing, os, sys
            from troth.mock import build_mock
            from troth.settings import Settings
            server = build_mock(Settings(mock=True, database_url="sqlite://"), sys.argv[1], fork=True)
            print(multiprocessing.active_children(), [name for name in os.listdir(os.environ["TMPDIR"]) if "seed" in name])
            try:
                print(os.waitpid(-1, os.WNOHANG))
            except ChildProcessError:
                print("no children")
        """)
        done = subprocess.run([sys.executable, "-c", script, file(tmp_path, SHOP, CLUB)], capture_output=True, text=True, check=False,
                              env={**os.environ, "TMPDIR": str(tmp_path)})
        assert done.stdout.splitlines() == ["[] []", "no children"], done.stderr


def test_a_process_with_threads_does_not_fork() -> None:
    script = "import threading, time; from troth.seeding import can_fork; print(can_fork()); "
    script += "threading.Thread(target=time.sleep, args=(5,), daemon=True).start(); print(can_fork())"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    before, after = done.stdout.split()
    assert (before, after) == (str(sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1), "False")
    assert can_fork() in (True, False)


class TestParts:
    def test_the_largest_api_has_a_process_of_its_own(self) -> None:
        assert parts(find_scenario("demo")) == [
            Part(frozenset({"loyalty_core"}), frozenset({"loyalty_core"})), Part(frozenset({"saasquatch", "advocacy", "leat"}))]

    def test_one_api_is_one_part_with_all_tables(self, tmp_path: Path) -> None:
        assert parts(Path(file(tmp_path, SHOP))) == [Part(frozenset({"saasquatch"}))]

    def test_what_nobody_knows_gets_no_process(self, tmp_path: Path) -> None:
        odd = {"api": "../x", "live": {"alias": "a", "populate": {"things": 10**6}}}
        assert parts(Path(file(tmp_path, SHOP, odd))) == [Part(frozenset({"saasquatch", "../x"}))]

    def test_sizes_count_what_is_wanted(self, tmp_path: Path) -> None:
        scenario = file(tmp_path, SHOP, CLUB, {"api": 7}, "text", {"api": "leat", "live": None}, {"api": "leat", "test": {"populate": 3}})  # type: ignore[arg-type]  broken on purpose
        assert sizes(Path(scenario)) == {"saasquatch": 22, "loyalty_core": 0, "leat": 0}

    def test_a_file_without_projects_is_refused(self, tmp_path: Path) -> None:
        empty = tmp_path / "empty.yaml"
        empty.write_text("{}")
        with pytest.raises(ScenarioError, match="list of projects"):
            parts(empty)


class TestSandboxes:
    def test_a_copy_counts_on(self) -> None:
        sandbox = Sandbox(1, clock=FixedClock(5_000), seed=7, boot=2)
        assert [sandbox.next_cause(3), sandbox.next_cause(3), sandbox.number(3, "order", lambda: 10)] == [1, 2, 11]
        copy: Sandbox = pickle.loads(pickle.dumps(sandbox))
        assert (copy.id, copy.clock.now_ms(), copy.seed, copy.boot) == (1, 5_000, 7, 2)
        assert [copy.next_cause(3), copy.next_cause(4), copy.number(3, "order", lambda: 99)] == [3, 1, 12]
        assert copy.draws("a/b", "1").take("x", 8) == sandbox.draws("a/b", "1").take("x", 8)

    def test_two_that_worked_in_different_tenants_are_joined(self) -> None:
        first, second = (Sandbox(1, clock=FixedClock(0), seed=7) for _ in range(2))
        first.next_cause(1)
        second.next_cause(2)
        second.number(2, "order", lambda: 0)
        first.join(second)
        assert [first.next_cause(1), first.next_cause(2), first.number(2, "order", lambda: 99)] == [2, 2, 2]


class TestCopies:
    @staticmethod
    def filled(tmp_path: Path, number: int, digest: str) -> Path:
        storage = Storage("sqlite://")
        storage.create_tables()
        with storage.session() as session, session.begin():
            session.connection().exec_driver_sql("INSERT INTO sandboxes VALUES (1, 'main', 1, NULL, 0, 0)")
            session.add(TenantRow(id=number, api="leat", alias=f"t{number}", name="T", live=True, project="p", sandbox_id=1, settings={},
                                  created_ms=0))
            session.flush()
            session.add(CredentialRow(digest=digest, tenant_id=number, kind="k", scopes=[], hint="x", created_ms=0))
        made = tmp_path / f"{number}.db"
        storage.copy_to(made)
        storage.close()
        return made

    def test_two_files_become_one_database(self, tmp_path: Path) -> None:
        files = [self.filled(tmp_path, 1, "a"), self.filled(tmp_path, 2, "b")]
        storage = Storage("sqlite://")
        storage.copy_from(files)
        with storage.session() as session:
            assert sorted((row.id, row.alias) for row in session.query(TenantRow)) == [(1, "t1"), (2, "t2")]
            assert sorted(row.digest for row in session.query(CredentialRow)) == ["a", "b"]
            assert session.connection().exec_driver_sql("PRAGMA foreign_key_check").fetchall() == []
        storage.close()

    def test_the_same_credential_twice_is_refused(self, tmp_path: Path) -> None:
        storage = Storage("sqlite://")
        with pytest.raises(sqlite3.IntegrityError):
            storage.copy_from([self.filled(tmp_path, 1, "a"), self.filled(tmp_path, 2, "a")])
        storage.close()

    def test_only_a_memory_database_is_copied(self, tmp_path: Path) -> None:
        storage = Storage(f"sqlite:///{tmp_path / 'x.db'}")
        with pytest.raises(ValueError, match="memory"):
            storage.copy_to(tmp_path / "y.db")
        storage.close()


def test_the_script_makes_what_sqlalchemy_makes(tmp_path: Path) -> None:
    storage, other = Storage("sqlite://"), Storage(f"sqlite:///{tmp_path / 'x.db'}")
    schemas = []
    for made in (storage, other):
        made.create_tables()
        with made.engine.connect() as connection:
            schemas.append(connection.exec_driver_sql("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name").fetchall())
        made.close()
    assert schemas[0] == schemas[1]
    assert len(schemas[0]) > 300


def test_faker_with_one_locale_says_what_all_of_it_says() -> None:
    script = dedent("""
        import hashlib, sys
        kinds = ("name", "first_name", "last_name", "company", "free_email_domain", "user_agent")
        if sys.argv[1] == "whole":
            from faker import Faker
            fake = Faker("en_US")
        else:
            from fixtures.invented import _faker
            fake = _faker()
        fake.seed_instance("a seed")
        print(len(sys.modules["faker.config"].AVAILABLE_LOCALES) > 1, [getattr(fake, kind)() for kind in kinds for _ in range(500)])
    """)
    said = [subprocess.run([sys.executable, "-c", script, how], capture_output=True, text=True, check=True).stdout for how in ("whole", "one")]
    assert [text.split(" ", 1)[0] for text in said] == ["True", "False"]
    assert said[0].split(" ", 1)[1] == said[1].split(" ", 1)[1]
