"""As an operator has it: the wheel in an environment of its own, PostgreSQL, Redis, two servers and a worker behind
nginx with TLS.

`make rolling` runs this and prints what was seen.
"""

import sys
from pathlib import Path

import pytest
from redis import Redis

from tests.package.test_wheel import installed, wheel  # noqa: F401  fixtures
from tests.support.behind_nginx import IS_MISSING, PROXIED, restart_one_by_one
from tests.support.databases import lent_postgres
from tests.support.site import Site
from tests.unit.test_limits import redis_server, store  # noqa: F401  fixtures

ROUNDS = 3

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="stops processes by signals"),
    pytest.mark.skipif(IS_MISSING, reason="NOT RUN: there is no nginx, or no openssl"),
]


def test_no_request_fails_while_installed_servers_are_restarted_one_by_one(
    installed: Path,  # noqa: F811
    store: str,  # noqa: F811
    tmp_path: Path,
) -> None:
    with lent_postgres("rolling", tables=False) as url:
        site = Site(url, tmp_path, program=installed / "troth")
        site.settings |= {**PROXIED, "TROTH_VALKEY_URL": store}
        seen = restart_one_by_one(site, tmp_path, rounds=ROUNDS)
    with Redis.from_url(store) as counted:
        assert counted.dbsize() > 0, "limits are counted in Redis"
    print(f"\n{ROUNDS} rounds: {seen}")
    assert (seen.failed, seen.refused) == (0, []), seen
    assert seen.answers.total() > 300
