"""Two servers and a worker behind nginx with TLS, restarted one by one as docs/deploy.md says: no request fails.

`tests/package/test_behind_nginx.py` does the same with an installed wheel, and with Redis.
"""

import sys
from pathlib import Path

import pytest

from tests.support.behind_nginx import IS_MISSING, PROXIED, restart_one_by_one
from tests.support.databases import lent_postgres
from tests.support.site import Site

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="stops processes by signals"),
    pytest.mark.skipif(IS_MISSING, reason="NOT RUN: there is no nginx, or no openssl"),
]


def test_no_request_fails_while_servers_are_restarted_one_by_one(tmp_path: Path) -> None:
    with lent_postgres("nginx", tables=False) as url:
        site = Site(url, tmp_path)
        site.settings |= PROXIED
        seen = restart_one_by_one(site, tmp_path)
    assert (seen.failed, seen.refused) == (0, []), seen
    assert seen.answers.total() > 100
