"""Seeding a mock: the same in each process."""

import json
import subprocess
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

from troth.database.storage import Storage

SCRIPT = dedent("""
    import hashlib, json, pathlib, sys
    from troth.mock.run import build_mock
    from troth.settings import Settings

    def content(server):
        '''Every row of every table, without what is sealed under a random nonce.'''
        with server.runtime.storage.engine.connect() as connection:
            driver = connection.connection.driver_connection
            names = [name for (name,) in driver.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")]
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
                "boot": main.boot, "now": main.clock.now_ms(), "causes": [main.next_request_number(n) for n in range(1, 9)],
                "tenants": sorted(json.dumps(tenant, sort_keys=True) for tenant in server.runtime.services["info"]()["apis"].items())}

    server = build_mock(Settings(mock=True, database_url="sqlite://", fixed_clock=True, port=8080, seed=int(sys.argv[1])), "demo")
    print(json.dumps(content(server)))
""")


def built(seed: int) -> dict[str, Any]:
    """What a mock holds that was built in a process of its own."""
    done = subprocess.run([sys.executable, "-c", SCRIPT, str(seed)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_seed_decides_on_every_row_in_every_process() -> None:
    first = built(7)
    assert first["counts"]["lc_members"] > 100
    assert built(7) == first
    other = built(8)
    assert other["schema"] == first["schema"]
    assert other["rows"]["lc_members"] != first["rows"]["lc_members"]


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
        kinds = ("name", "first_name", "last_name", "company", "user_agent")
        if sys.argv[1] == "whole":
            from faker import Faker
            fake = Faker("en_US")
            domain = fake.free_email_domain
        else:
            from fixtures.invented import EMAIL_DOMAINS, _faker
            fake = _faker()
            domain = lambda: fake.random_element(EMAIL_DOMAINS)
        fake.seed_instance("a seed")
        made = [getattr(fake, kind)() for kind in kinds for _ in range(500)] + [domain() for _ in range(500)]
        print(len(sys.modules["faker.config"].AVAILABLE_LOCALES) > 1, made)
    """)
    said = [
        subprocess.run([sys.executable, "-c", script, how], capture_output=True, text=True, check=True).stdout
        for how in ("whole", "one")
    ]
    assert [text.split(" ", 1)[0] for text in said] == ["True", "False"]
    assert said[0].split(" ", 1)[1] == said[1].split(" ", 1)[1]
