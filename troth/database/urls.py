"""URLs of a PostgreSQL with a standby: several hosts, in the spellings that libpq and SQLAlchemy have for them.

| spelling | read by |
| --- | --- |
| `postgresql://a:5432,b:5433/name` | libpq (https://www.postgresql.org/docs/current/libpq-connect.html) |
| `postgresql:///name?host=a,b&port=5432,5433` | both |
| `postgresql:///name?host=a:5432&host=b:5433` | SQLAlchemy |
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from sqlalchemy import URL

PORT = "5432"
_URL = re.compile(
    r"(?P<begin>postgresql(?:\+\w+)?://(?:[^/?]*@)?)(?P<hosts>[^/?@]*,[^/?@]*)(?P<path>/[^?]*)?(?:\?(?P<query>.*))?"
)
_HOST = re.compile(r"(?:\[(?P<ipv6>[0-9a-fA-F:.%]+)\]|(?P<name>[^\[\]:,]+))(?::(?P<port>\d*))?")


def with_hosts_in_query(url: str) -> str:
    """A URL whose authority names several hosts, each with or without a port, in the spelling that SQLAlchemy reads
    too; any other as it is. Raises ValueError for hosts that cannot be read.
    """
    found = _URL.fullmatch(url)
    if found is None:
        return url
    hosts = [_HOST.fullmatch(one) for one in found["hosts"].split(",")]
    read = [one for one in hosts if one is not None]
    if len(read) < len(hosts):
        raise ValueError("hosts are HOST[:PORT], with commas between them")
    names = ",".join(quote(one["ipv6"] or one["name"], safe=":%/") for one in read)
    ports = ",".join(one["port"] or PORT for one in read)
    query = f"&{found['query']}" if found["query"] else ""
    return f"{found['begin']}{found['path'] or '/'}?host={names}&port={ports}{query}"


def has_several_hosts(url: URL) -> bool:
    """Whether a connection is opened with whichever of several servers fits."""
    hosts = url.query.get("host", url.host or "")
    return not isinstance(hosts, str) or "," in hosts
