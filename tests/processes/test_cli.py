"""The command line, as people and scripts use it."""

import contextlib
import gc
import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
import structlog
from typer.main import get_command
from typer.testing import CliRunner

from models.kernel.base import Base
from models.outbox.signing import base64url_decode
from models.saasquatch.webhooks import JWS_HEADER, check_signatures, signed_headers
from tests.api.saasquatch.conftest import make_tenant
from tests.support.client import Client
from tests.support.live import troth
from tests.support.refusals import assert_refused
from troth import __version__, cli
from troth.administration import retire_signing_key, rotate_signing_key
from troth.app import build
from troth.settings import Settings

TROTH = Path(sys.executable).with_name("troth")


def run(*arguments: str, db: Path | None = None, secret: str | None = "a secret of this test", expect: int = 0) -> str:
    """Run a command in this process and give what it prints (on standard error when it is expected to fail)."""
    env: dict[str, str | None] = {name: None for name in os.environ if name.startswith("TROTH_")}
    env["TROTH_SECRET_KEY"] = secret
    env["TROTH_DATABASE_URL"] = f"sqlite:///{db}" if db else None
    done = CliRunner().invoke(cli.app, list(arguments), env=env, catch_exceptions=False)
    gc.enable()  # which a server turns off until it serves
    structlog.reset_defaults()  # which wrote to this command's standard error
    assert done.exit_code == expect, done.output
    # The last connection of all removes the write-ahead log; one that was left open, also by a command that failed,
    # keeps it.
    assert db is None or not Path(f"{db}-wal").exists(), "a connection to the database is open still"
    return done.stdout if expect == 0 else done.stderr


def rows(*arguments: str, db: Path) -> list[dict[str, Any]]:
    return json.loads(run(*arguments, "--json", db=db))


def counts(db: Path) -> dict[str, int]:
    """The rows of each table."""
    with contextlib.closing(sqlite3.connect(db)) as connection:
        return {
            name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in Base.metadata.tables
        }


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "troth.db"


class TestTenants:
    def test_create_list_show_set(self, db: Path) -> None:
        live, test = rows("tenant", "create", "saasquatch", "acme", "--landing-url", "https://acme.example/", db=db)
        assert (live["alias"], test["alias"]) == ("acme", "test_acme")
        assert live["credentials"]["api_key"].startswith("LIVE_")
        assert test["credentials"]["api_key"].startswith("TEST_")
        assert len(live["credentials"]["api_key"]) >= 32
        assert [row["alias"] for row in rows("tenant", "list", db=db)] == ["acme", "test_acme"]
        assert rows("tenant", "show", "saasquatch", "acme", db=db)[0]["keys"] == [live["credentials"]["api_key"][-4:]]
        changed = rows("tenant", "set", "saasquatch", "acme", "openEndpointsEnabled=true", db=db)[0]
        assert changed["settings"] == {"openEndpointsEnabled": True}

    @pytest.mark.parametrize(
        ("api", "name"), [("loyalty_core", "organization_id"), ("advocacy", "business_id"), ("leat", "account_name")]
    )
    def test_a_new_one_is_shown_with_what_its_calls_name_it_by(self, api: str, name: str, db: Path) -> None:
        run("tenant", "create", "saasquatch", "acme", db=db)
        made = rows("tenant", "create", api, "acme", db=db)
        shown = [rows("tenant", "show", api, row["alias"], db=db)[0] for row in made]
        assert [row[name] for row in made] == [row[name] for row in shown] != [None] * len(made)

    def test_one_is_exported_and_deleted_with_everything_and_others_stay(self, db: Path, tmp_path: Path) -> None:
        key = rows("load", "demo", db=db)[0]["credentials"]["api_key"]
        before = counts(db)
        run("tenant", "export", "saasquatch", "demo", str(tmp_path / "copy.jsonl"), db=db)
        lines = [json.loads(line) for line in (tmp_path / "copy.jsonl").read_text().splitlines()]
        assert (lines[0]["format"], lines[0]["alias"]) == ("troth-tenant", "demo")
        exported = Counter(line["table"] for line in lines[1:])
        assert exported["sq_users"] == 220
        assert key not in (tmp_path / "copy.jsonl").read_text(), "secrets stay sealed"
        assert "exist" in run("tenant", "export", "saasquatch", "demo", str(tmp_path / "copy.jsonl"), db=db, expect=1)

        assert "--yes" in run("tenant", "delete", "saasquatch", "demo", db=db, expect=1)
        assert counts(db) == before
        run("tenant", "delete", "saasquatch", "demo", "--yes", "--export", str(tmp_path / "last.jsonl"), db=db)
        assert (tmp_path / "last.jsonl").read_text() == (tmp_path / "copy.jsonl").read_text()
        assert {
            table: before[table] - count for table, count in counts(db).items() if count != before[table]
        } == exported
        assert "no tenant" in run("tenant", "show", "saasquatch", "demo", db=db, expect=1)
        assert rows("tenant", "show", "advocacy", "starter", db=db)

    def test_a_referral_that_does_not_exist_cannot_be_decided(self, db: Path) -> None:
        run("tenant", "create", "saasquatch", "acme", db=db)
        for decision in ("approve", "deny"):
            assert "No referral" in run("referral", decision, "acme", "0" * 24, db=db, expect=1)
        assert "no tenant" in run("referral", "deny", "nobody", "0" * 24, db=db, expect=1)

    def test_what_is_wrong_is_said(self, db: Path) -> None:
        run("tenant", "create", "saasquatch", "acme", db=db)
        assert "already" in run("tenant", "create", "saasquatch", "acme", db=db, expect=1)
        assert "not an alias" in run("tenant", "create", "saasquatch", "A B", db=db, expect=1)
        assert "no API" in run("tenant", "create", "nothing", "acme", db=db, expect=1)
        assert "no tenant" in run("tenant", "show", "saasquatch", "nobody", db=db, expect=1)
        for bad in (
            "colour=red",
            "openEndpointsEnabled=banana",
            "suspectedFraudModerationState=FOO",
            "rateLimitMultiplier=-1",
            "fraudCheckSettings=x",
        ):
            assert bad.partition("=")[0] in run("tenant", "set", "saasquatch", "acme", bad, db=db, expect=1)
        assert "landing_url" in run(
            "tenant", "create", "saasquatch", "other", "--landing-url", "javascript:alert(1)", db=db, expect=1
        )
        assert "TROTH_SECRET_KEY" in run("tenant", "list", db=db, secret=None, expect=1)

    def test_a_database_of_another_secret_key_says_so(self, db: Path) -> None:
        run("tenant", "create", "saasquatch", "acme", db=db)
        assert "TROTH_SECRET_KEY is not the one" in run("tenant", "list", db=db, secret="another secret key", expect=1)
        assert "TROTH_SECRET_KEY is not the one" in run(
            "serve", "--port", "0", db=db, secret="another secret key", expect=1
        )


class TestKeys:
    def test_one_may_have_an_end_date(self, db: Path) -> None:
        lasting = rows("tenant", "create", "saasquatch", "acme", db=db)[0]["credentials"]["api_key"]
        states = {lasting[-4:]: ("active", None)}
        for expires, state in (("90d", "active"), ("13d", "expires soon"), ("2999-01-01", "active")):
            made = rows("key", "create", "saasquatch", "acme", "--expires", expires, db=db)[0]
            states[made["credentials"]["api_key"][-4:]] = (state, made["expires"])
        assert "2999-01-01T00:00:00.000Z" in {end for _, end in states.values()}
        listed = rows("key", "list", "saasquatch", "acme", db=db)
        assert {row["ends_with"]: (row["state"], row["expires"]) for row in listed} == states
        for bad, reason in (("2020-01-01", "over already"), ("90", "90d"), ("0d", "90d"), ("soon", "90d")):
            assert reason in run("key", "create", "saasquatch", "acme", "--expires", bad, db=db, expect=1)

    def test_rotation(self, db: Path) -> None:
        old = rows("tenant", "create", "saasquatch", "acme", db=db)[0]["credentials"]["api_key"]
        new = rows("key", "create", "saasquatch", "acme", db=db)[0]["credentials"]["api_key"]
        assert {row["ends_with"] for row in rows("key", "list", "saasquatch", "acme", db=db)} == {old[-4:], new[-4:]}
        for bad in ("", "a", "zzzz"):
            assert "key" in run("key", "revoke", "saasquatch", "acme", bad, db=db, expect=1)
        assert run("key", "revoke", "saasquatch", "acme", old[-4:], db=db) == "revoked\n"
        assert rows("tenant", "show", "saasquatch", "acme", db=db)[0]["keys"] == [new[-4:]]


class TestSigningKeys:
    def test_a_new_key_signs_and_the_old_one_verifies_until_it_is_retired(self, db: Path) -> None:
        """Through a server: two keys in the JWK Set, each message verifies with the key that its header names."""
        run("migrate", db=db)
        [first] = rows("signing-key", "rotate", db=db)
        assert first["state"] == "signs"
        settings = Settings(database_url=f"sqlite:///{db}", secret_key="a secret of this test", require_https=False)
        with contextlib.closing(build(settings, create_tables=False, docs=False)) as server:
            client = Client(server)
            tenant = make_tenant(server, client)

            def published() -> list[str]:
                return [key["kid"] for key in client.request("GET", "/.well-known/jwks.json").json()["keys"]]

            def signed() -> tuple[str, Callable[[], bool | None]]:
                unit = tenant.unit()
                with unit.transaction():
                    headers = {name.lower(): value for name, value in signed_headers(unit, b"{}").items()}
                kid = json.loads(base64url_decode(headers[JWS_HEADER.lower()].split(".")[0]))["kid"]

                def verifies() -> bool | None:
                    again = tenant.unit()
                    with again.transaction():
                        return check_signatures(again, tenant.tenant, headers, b"{}")[JWS_HEADER]

                return kid, verifies

            kid, old_verifies = signed()
            assert (kid, published(), old_verifies()) == (first["kid"], [first["kid"]], True)
            states = {row["kid"]: row["state"] for row in rotate_signing_key(server.runtime)}
            [newest] = [one for one, state in states.items() if state == "signs"]
            assert states[first["kid"]] == "published"
            kid, new_verifies = signed()
            assert (kid, published()) == (newest, [first["kid"], newest])
            assert (old_verifies(), new_verifies()) == (True, True)
            shown = retire_signing_key(server.runtime, first["kid"])
            assert [row["state"] for row in shown] == ["retired", "signs"]
            assert (published(), old_verifies(), new_verifies()) == ([newest], False, True)
            client.close()
        assert "signs webhooks" in run("signing-key", "retire", newest, db=db, expect=1)
        assert "no signing key" in run("signing-key", "retire", first["kid"], db=db, expect=1)
        assert [row["state"] for row in rows("signing-key", "rotate", db=db)] == ["retired", "published", "signs"]
        assert [row["state"] for row in rows("signing-key", "retire", newest, db=db)] == ["retired", "retired", "signs"]


class TestServe:
    def test_a_served_tenant_answers_and_survives_a_restart(self, db: Path) -> None:
        live, _ = rows("tenant", "create", "saasquatch", "acme", "--landing-url", "https://acme.example/", db=db)
        run("tenant", "set", "saasquatch", "acme", "openEndpointsEnabled=true", db=db)
        env = {
            "TROTH_SECRET_KEY": "a secret of this test",
            "TROTH_DATABASE_URL": f"sqlite:///{db}",
            "TROTH_REQUIRE_HTTPS": "false",
            "TROTH_FILES_DIR": str(db.parent / "files"),
            "TROTH_PUBLIC_URL": "https://troth.example",
        }
        path = "/saasquatch/api/v1/acme/open/account/a/user/u"
        with troth("serve", ready="/nothing", env=env) as url:
            made = httpx2.put(
                url + path,
                json={"id": "u", "accountId": "a", "firstName": "Ana"},
                auth=("", live["credentials"]["api_key"]),
            )
            assert made.json()["referralCodes"] == {"referral-program": "ANA"}
            assert_refused(httpx2.get(f"{url}/_troth/info"), 404, "NOT_FOUND")
        with troth("serve", ready="/nothing", env=env) as url:
            assert httpx2.get(url + path, auth=("", live["credentials"]["api_key"])).json() == made.json()

    def test_the_demos_published_keys_are_never_served(self, db: Path) -> None:
        with troth("mock", "--db", f"sqlite:///{db}"):
            pass
        message = run("serve", "--port", "0", db=db, expect=1)
        assert "published keys" in message

    def test_a_loaded_scenario_has_fresh_keys(self, db: Path) -> None:
        loaded = rows("load", "demo", db=db)
        assert {row["alias"] for row in loaded} == {"demo", "test_demo", "starter", "roastery"}
        assert all("DEMO" not in str(row["credentials"]) for row in loaded)
        assert loaded[0]["rows"]["sq_users"] == 220

    def test_loading_again_changes_settings_and_programs_and_nothing_else(self, db: Path, tmp_path: Path) -> None:
        scenario = tmp_path / "shop.yaml"
        text = "projects: [{api: saasquatch, project: shop, live: {alias: shop}, settings: {openEndpointsEnabled: %s}, programs: [%s]}]"
        scenario.write_text(text % ("false", "{id: one, landing_url: 'https://a.example/'}"))
        key = rows("load", str(scenario), db=db)[0]["credentials"]["api_key"]
        scenario.write_text(
            text
            % ("true", "{id: one, landing_url: 'https://b.example/'}, {id: two, landing_url: 'https://c.example/'}")
        )
        assert rows("load", str(scenario), db=db)[0]["credentials"] == {}
        shown = rows("tenant", "show", "saasquatch", "shop", db=db)[0]
        assert shown["settings"] == {"openEndpointsEnabled": True}
        assert shown["keys"] == [key[-4:]]
        scenario.write_text(text % ("true", "{id: one}"))
        assert "landing_url" in run("load", str(scenario), db=db, expect=1)


class TestContracts:
    def test_spec_in_both_forms(self) -> None:
        assert json.loads(run("spec", "saasquatch"))["openapi"] == "3.0.3"
        assert run("spec", "saasquatch", "--format", "yaml").startswith("openapi: 3.0.3")
        assert "saasquatch" in run("spec", "nothing", expect=1)

    def test_routes_names_every_handler(self) -> None:
        found = json.loads(run("routes", "--json"))
        assert sum(row["path"].startswith("/saasquatch/") for row in found) == 34
        assert {"method", "path", "operation", "handler"} == set(found[0])

    def test_stubs_knows_what_has_no_handler(self) -> None:
        assert run("stubs", "--check") == "every operation has a handler\n"

    def test_the_script_reports_on_standard_error_and_by_its_status(self) -> None:
        done = subprocess.run([TROTH, "spec", "nothing"], capture_output=True, text=True, timeout=120, check=False)
        assert (done.returncode, done.stdout, "saasquatch" in done.stderr) == (1, "", True)

    def test_it_says_its_version(self) -> None:
        assert run("--version") == f"troth {__version__}\n"

    def test_the_module_runs_as_the_script_does(self) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "troth", "--help"], capture_output=True, text=True, timeout=120, check=False
        )
        assert (done.returncode, "mock" in done.stdout, "serve" in done.stdout) == (0, True, True), done.stderr

    def test_the_help_of_every_command_has_an_example_and_describes_each_argument(self) -> None:
        groups: list[Any] = [get_command(cli.app)]
        seen = 0
        while groups:
            group = groups.pop()
            for name in group.list_commands(None):
                command = group.get_command(None, name)
                if hasattr(command, "commands"):
                    groups.append(command)
                    continue
                seen += 1
                assert "Example: " in command.help, name
                assert all(parameter.help for parameter in command.params), name
        assert seen > 60


class TestMock:
    def test_bad_options_are_refused_plainly(self, tmp_path: Path) -> None:
        assert "wall or fixed" in run("mock", "--clock", "sundial", expect=1)
        assert "no such scenario" in run("mock", "--port", "0", "--scenario", "nothing", expect=1)
        broken = tmp_path / "broken.yaml"
        broken.write_text("projects: [{api: saasquatch, project: x, live: {alias: X Y}}]")
        assert "broken.yaml" in run("mock", "--port", "0", "--scenario", str(broken), expect=1)

    def test_a_scenario_that_cannot_be_loaded_leaves_nothing_open(self, db: Path, tmp_path: Path) -> None:
        broken = tmp_path / "broken.yaml"
        broken.write_text("projects: [{api: saasquatch, project: x, live: {alias: X Y}}]")
        run("mock", "--port", "0", "--scenario", str(broken), "--db", f"sqlite:///{db}", db=db, expect=1)

    def test_a_mock_on_a_file_keeps_its_data_and_its_clock(self, db: Path) -> None:
        key = ("", "LIVE_DEMO0KEY0SAASQUATCH0TROTH0MOCK")
        arguments = ("mock", "--clock", "fixed", "--db", f"sqlite:///{db}")
        path = "/saasquatch/api/v1/demo/open/account/a/user/u"
        with troth(*arguments) as url:
            httpx2.put(url + path, json={"id": "u", "accountId": "a"}, auth=key)
            now = httpx2.get(f"{url}/_troth/clock").json()["now_ms"]
        with troth(*arguments) as url:
            assert httpx2.get(url + path, auth=key).status_code == 200
            assert httpx2.get(f"{url}/_troth/clock").json()["now_ms"] == now
            created = httpx2.put(url + path.removesuffix("u") + "v", json={"id": "v", "accountId": "a"}, auth=key)
            assert created.status_code == 200
