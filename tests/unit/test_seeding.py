"""Seeding a mock: here or in forks, with the same outcome."""

import json
import os
import pickle
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import yaml

from models.kernel.base import Base
from models.kernel.clock import FixedClock
from models.tenancy.sandboxes import Sandbox
from models.tenancy.tenants import CredentialRow, TenantRow
from tests.support.live import ON_ONE_CORE, troth
from troth.database.storage import Storage, import_tables
from troth.mock.scenarios import ScenarioError, find_scenario, sizes
from troth.mock.seeding import Part, parts

TROTH = Path(sys.executable).with_name("troth")
needs_fork = pytest.mark.skipif(
    sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2,
    reason="a mock is seeded in forks on Linux with two cores only",
)

SCRIPT = dedent("""
    import hashlib, json, pathlib, sys
    import troth.mock.run
    from troth.mock.run import build_mock
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
    if fork:
        troth.mock.run._seed_here = None  # which forks that fail would fall back to
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


SHOP = {
    "api": "saasquatch",
    "project": "shop",
    "live": {
        "alias": "shop",
        "credentials": {"api_key": "LIVE_" + "S" * 30},
        "populate": {"accounts": 5, "users": 8, "referrals": 3, "manual_rewards": 2, "events": 4},
    },
    "programs": [{"id": "p", "name": "P", "landing_url": "https://shop.example/"}],
}
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

    @pytest.mark.parametrize(
        "projects",
        [
            [SHOP, {**CLUB, "live": {**CLUB["live"], "populate": {"members": "many"}}}],
            [CLUB, SHOP, {"api": 7, "project": "odd", "live": {"alias": "odd"}}],
            [
                SHOP,
                {
                    **CLUB,
                    "live": {**CLUB["live"], "credentials": {"api_token": SHOP["live"]["credentials"]["api_key"]}},
                },
            ],
        ],
    )
    def test_what_is_wrong_is_said_as_without(self, tmp_path: Path, projects: list[dict[str, Any]]) -> None:
        scenario = file(tmp_path, *projects)
        said = [
            subprocess.run(
                [*before, TROTH, "mock", "--port", "0", "--scenario", scenario],
                capture_output=True,
                text=True,
                check=False,
            )
            for before in ([], ON_ONE_CORE)
        ]
        assert {(done.returncode, done.stderr) for done in said} == {(1, said[0].stderr)}
        assert f"project {projects[-1]['project']}" in said[0].stderr
        assert said[0].stderr.count("\n") == 1

    @pytest.mark.parametrize(
        ("wrong", "reason"),
        [
            ("seeding._work = lambda *_: os._exit(9)", "a fork has died"),
            ("os.fork = refuse", "BlockingIOError: [Errno 11] Resource temporarily unavailable"),
            ("seeding.parts = broken", "ScenarioError: broken"),
            ("seeding.Sandbox.hand_over = None", "TypeError: 'NoneType' object is not callable"),
        ],
    )
    def test_without_its_forks_it_is_seeded_all_the_same(self, tmp_path: Path, wrong: str, reason: str) -> None:
        script = dedent("""
            import os, sys
            import troth.mock.seeding as seeding
            from troth.log import configure
            from troth.mock.run import build_mock
            from troth.mock.scenarios import ScenarioError
            from troth.settings import Settings

            def refuse():
                raise BlockingIOError(11, "Resource temporarily unavailable")

            def broken(path):
                raise ScenarioError("broken")

            WRONG
            configure()
            server = build_mock(Settings(mock=True, database_url="sqlite://"), sys.argv[1], fork=True)
            print(*server.runtime.services["info"]()["apis"])
        """).replace("WRONG", wrong)
        done = subprocess.run(
            [sys.executable, "-c", script, file(tmp_path, SHOP, CLUB)], capture_output=True, text=True, check=False
        )
        assert done.stdout.split() == ["saasquatch", "loyalty_core"], done.stderr
        line = json.loads(done.stderr)
        assert (line["event"], line["level"], line["reason"]) == ("seeded without forks", "warning", reason)

    @pytest.mark.parametrize(
        ("number", "after_s"), [(signal.SIGTERM, 0.7), (signal.SIGTERM, 1.4), (signal.SIGKILL, 1.2)]
    )
    def test_nothing_of_it_stays_when_it_is_ended_early(self, tmp_path: Path, number: int, after_s: float) -> None:
        """Whatever it was doing then. SIGKILL leaves the folder for files: nobody can tidy up after that."""
        process = subprocess.Popen(
            [TROTH, "mock", "--port", "0"],
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "TMPDIR": str(tmp_path)},
        )
        time.sleep(after_s)
        process.send_signal(number)
        process.wait(10)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                os.killpg(process.pid, 0)
            except ProcessLookupError:
                break
            time.sleep(0.05)
        else:
            pytest.fail("a fork goes on")
        if number == signal.SIGTERM:
            assert list(tmp_path.iterdir()) == []

    def test_a_mock_that_serves_leaves_nothing_either(self, tmp_path: Path) -> None:
        with troth("mock", env={"TMPDIR": str(tmp_path)}) as url:
            assert url
            assert [path.name.partition("-files-")[0] for path in tmp_path.iterdir()] == ["troth"]
        assert list(tmp_path.iterdir()) == []


def test_a_process_with_threads_does_not_fork() -> None:
    script = "import signal, threading, time; from troth.mock.seeding import can_fork; print(can_fork()); "
    script += "signal.signal(signal.SIGCHLD, signal.SIG_IGN); print(can_fork()); signal.signal(signal.SIGCHLD, signal.SIG_DFL); "
    script += "threading.Thread(target=time.sleep, args=(5,), daemon=True).start(); print(can_fork())"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    possible = sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1
    assert done.stdout.split() == [str(possible), "False", "False"]


class TestParts:
    def test_the_largest_api_has_a_process_of_its_own(self) -> None:
        assert parts(find_scenario("demo")) == [Part(only="loyalty_core"), Part(without="loyalty_core")]
        assert [part.tables for part in parts(find_scenario("demo"))] == [["loyalty_core"], None]

    def test_one_api_is_one_part_with_all_tables(self, tmp_path: Path) -> None:
        assert parts(Path(file(tmp_path, SHOP))) == [Part()]

    def test_what_nobody_knows_gets_no_process(self, tmp_path: Path) -> None:
        odd = {"api": "../x", "live": {"alias": "a", "populate": {"things": 10**6}}}
        assert parts(Path(file(tmp_path, SHOP, odd))) == [Part()]

    def test_sizes_count_what_is_wanted(self, tmp_path: Path) -> None:
        scenario = file(
            tmp_path,
            SHOP,
            CLUB,
            {"api": 7},
            "text",
            {"api": "leat", "live": None},
            {"api": "leat", "test": {"populate": 3}},
        )  # type: ignore[arg-type]  broken on purpose
        assert sizes(Path(scenario)) == {"saasquatch": 22, "loyalty_core": 0, "leat": 0}

    def test_a_file_without_projects_is_refused(self, tmp_path: Path) -> None:
        empty = tmp_path / "empty.yaml"
        empty.write_text("{}")
        with pytest.raises(ScenarioError, match="list of projects"):
            parts(empty)

    def test_a_file_that_is_not_text_is_refused(self, tmp_path: Path) -> None:
        made = tmp_path / "latin.yaml"
        made.write_bytes("projects: [é]".encode("latin-1"))
        with pytest.raises(ScenarioError, match=r"latin\.yaml"):
            parts(made)


def test_the_first_line_of_a_log_is_json_without_local_variables() -> None:
    script = dedent("""
        import sys
        from troth.log import configure, logger
        configure()
        assert "structlog" not in sys.modules

        def fail(secret):
            raise ValueError("no")

        try:
            fail("hush")
        except ValueError as error:
            logger.error("job failed", exc_info=error)
    """)
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    line = json.loads(done.stderr)
    assert (line["event"], line["level"], "ValueError: no" in line["exception"]) == ("job failed", "error", True)
    assert (done.stdout, "hush" in done.stderr) == ("", False)


class TestSandboxes:
    def test_what_takes_over_counts_on(self) -> None:
        sandbox = Sandbox(1, clock=FixedClock(5_000), seed=7, boot=2)
        assert [sandbox.next_cause(3), sandbox.next_cause(3), sandbox.number(3, "order", lambda: 10)] == [1, 2, 11]
        after = Sandbox.take_over([pickle.loads(pickle.dumps(sandbox.hand_over()))])
        assert (after.id, after.clock.now_ms(), after.seed, after.boot) == (1, 5_000, 7, 2)
        assert [after.next_cause(3), after.next_cause(4), after.number(3, "order", lambda: 99)] == [3, 1, 12]
        assert after.draws("a/b", "1").take("x", 8) == sandbox.draws("a/b", "1").take("x", 8)

    def test_two_that_worked_in_different_tenants_become_one(self) -> None:
        first, second = (Sandbox(1, clock=FixedClock(0), seed=7) for _ in range(2))
        first.next_cause(1)
        second.next_cause(2)
        second.number(2, "order", lambda: 0)
        after = Sandbox.take_over([first.hand_over(), second.hand_over()])
        assert [after.next_cause(1), after.next_cause(2), after.number(2, "order", lambda: 99)] == [2, 2, 2]


class TestDumps:
    @staticmethod
    def filled(number: int, digest: str) -> bytes:
        storage = Storage("sqlite://")
        storage.create_tables()
        with storage.session() as session, session.begin():
            session.connection().exec_driver_sql("INSERT INTO sandboxes VALUES (1, 'main', 1, NULL, 0, 0)")
            session.add(
                TenantRow(
                    id=number,
                    api="leat",
                    alias=f"t{number}",
                    name="T",
                    live=True,
                    project="p",
                    sandbox_id=1,
                    settings={},
                    created_ms=0,
                )
            )
            session.flush()
            session.add(CredentialRow(digest=digest, tenant_id=number, kind="k", scopes=[], hint="x", created_ms=0))
        dump = storage.dump()
        storage.close()
        return dump

    def test_two_dumps_become_one_database(self) -> None:
        storage = Storage("sqlite://")
        storage.restore([self.filled(1, "a"), self.filled(2, "b")])
        with storage.session() as session:
            assert sorted((row.id, row.alias) for row in session.query(TenantRow)) == [(1, "t1"), (2, "t2")]
            assert sorted(row.digest for row in session.query(CredentialRow)) == ["a", "b"]
            assert session.connection().exec_driver_sql("PRAGMA foreign_key_check").fetchall() == []
        storage.close()

    def test_the_same_credential_twice_is_refused_and_the_database_begins_anew(self) -> None:
        storage = Storage("sqlite://")
        with pytest.raises(sqlite3.IntegrityError):
            storage.restore([self.filled(1, "a"), self.filled(2, "a")])
        storage.forget()
        storage.create_tables()
        with storage.session() as session:
            assert session.query(TenantRow).count() == 0
        storage.close()

    def test_only_a_memory_database_is_dumped(self, tmp_path: Path) -> None:
        storage = Storage(f"sqlite:///{tmp_path / 'x.db'}")
        with pytest.raises(ValueError, match="memory"):
            storage.dump()
        storage.close()


def test_the_script_makes_what_sqlalchemy_makes(tmp_path: Path) -> None:
    storage, other = Storage("sqlite://"), Storage(f"sqlite:///{tmp_path / 'x.db'}")
    schemas = []
    for made in (storage, other):
        made.create_tables()
        with made.engine.connect() as connection:
            schemas.append(
                connection.exec_driver_sql(
                    "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
                ).fetchall()
            )
        made.close()
    assert schemas[0] == schemas[1]
    assert len(schemas[0]) > 300


def test_faker_with_one_locale_says_what_all_of_it_says() -> None:
    script = dedent("""
        import sys
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
    said = [
        subprocess.run([sys.executable, "-c", script, how], capture_output=True, text=True, check=True).stdout
        for how in ("whole", "one")
    ]
    assert [text.split(" ", 1)[0] for text in said] == ["True", "False"]
    assert said[0].split(" ", 1)[1] == said[1].split(" ", 1)[1]
