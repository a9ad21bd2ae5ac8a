"""URLs with several hosts, and which server connections are opened with."""

from typing import Any

import pytest
from sqlalchemy import make_url, text

from tests.support.databases import emptied_postgres
from tests.support.live import free_port
from troth.database.postgres import postgres_engine
from troth.database.timeouts import DEFAULT
from troth.database.urls import has_several_hosts, with_hosts_in_query
from troth.settings import Settings

SPELLINGS = {
    "postgresql://u:p%40@a:1,b:2/d?target_session_attrs=any": ("a,b", "1,2"),
    "postgresql://u:p%40@a,b/d?target_session_attrs=any": ("a,b", "5432,5432"),
    "postgresql://u:p%40@[::1]:1,[fe80::2]/d?target_session_attrs=any": ("::1,fe80::2", "1,5432"),
    "postgres://u:p%40@a:1,b:2,c/d?target_session_attrs=any": ("a,b,c", "1,2,5432"),
    "postgresql+psycopg://u:p%40@a:1,b:2/d?target_session_attrs=any": ("a,b", "1,2"),
    "postgresql://u:p%40@/d?host=a:1&host=b:2&target_session_attrs=any": ("a,b", "1,2"),
    "postgresql://u:p%40@/d?host=a,b&port=1,2&target_session_attrs=any": ("a,b", "1,2"),
}


@pytest.mark.parametrize("url", SPELLINGS)
def test_hosts_in_each_spelling_reach_the_driver(url: str) -> None:
    read = Settings(database_url=url).database_url
    engine = postgres_engine(read, DEFAULT)
    _, given = engine.dialect.create_connect_args(engine.url)
    wanted = {"user": "u", "password": "p@", "dbname": "d", "target_session_attrs": "any"}
    assert {name: given[name] for name in wanted} == wanted
    assert (given["host"], given["port"]) == SPELLINGS[url]
    assert has_several_hosts(make_url(read))


@pytest.mark.parametrize(
    "url",
    ["postgresql://u:p@a:1/d", "postgresql://u:a,b@h/d", "postgresql:///d?host=/tmp", "sqlite:///a,b.db", "sqlite://"],
)
def test_a_url_of_one_host_stays_as_it_is(url: str) -> None:
    assert with_hosts_in_query(url) == url
    assert not has_several_hosts(make_url(url))


@pytest.mark.parametrize("hosts", ["a:1,", ",a", "a:1:2,b", "a,[::1", "a,b:port"])
def test_hosts_that_cannot_be_read_are_refused(hosts: str) -> None:
    with pytest.raises(ValueError, match="hosts are"):
        with_hosts_in_query(f"postgresql://u@{hosts}/d")


def test_a_host_that_is_away_is_passed_over_and_one_that_is_read_only_refused() -> None:
    """Two hosts lead to the server of the tests; each is read-only for connections that ask to be."""
    target: Any = make_url(emptied_postgres("urls"))
    if target.host is None:
        pytest.skip("the server of the tests has no port")
    url = with_hosts_in_query(
        f"postgresql://{target.username}:{target.password or ''}@127.0.0.1:{free_port()},{target.host}:{target.port or 5432}/{target.database}"
    )
    engine = postgres_engine(url, DEFAULT)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    engine.dispose()
    engine = postgres_engine(f"{url}&options=-c default_transaction_read_only=on", DEFAULT)
    with pytest.raises(Exception, match="read-only"):
        engine.connect()
    engine.dispose()
