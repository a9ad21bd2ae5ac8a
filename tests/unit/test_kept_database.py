"""A database that an earlier version left is migrated to the newest schema, and its objects are read and changed.

`data/database_0004.sql` says how it was made. Both databases start from the same rows.
"""

import contextlib
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Boolean, LargeBinary, MetaData, Table, func, select, text

from models.kernel.base import Base
from tests.support.client import Client
from tests.support.databases import drop_postgres, fresh_postgres
from tests.support.surface import SEEN
from troth.app import build
from troth.database.migrate import upgrade
from troth.database.storage import Storage, import_tables
from troth.health import newest_revision
from troth.settings import Settings
from troth.spec import store
from troth.spec.operations import base_path, operations

KEPT = (Path(__file__).parent / "data" / "database_0004.sql").read_text("utf-8")
REVISION = "0004"
BEARERS = {
    "advocacy": "sk_live_DEMO0KEY0ADVOCACY0TROTH0MOCK",
    "leat": "PAT_DEMO0KEY0LEAT0TROTH0MOCK",
    "loyalty_core": "lc_DEMO0TOKEN0LOYALTY0CORE0TROTH0MOCK",
}
SAASQUATCH_KEY = "LIVE_DEMO0KEY0SAASQUATCH0TROTH0MOCK"
APIS = ("saasquatch", *BEARERS)
LISTS = {"saasquatch": 4, "advocacy": 7, "leat": 4, "loyalty_core": 31}
"""How many GET operations of each API there were that need no id and no parameter."""
SQ, CLUB = "/saasquatch/api/v1/demo", "/loyalty-core/api/v1/organizations/1"


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def kept(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a database with the kept rows, migrated to the newest schema."""
    file = tmp_path_factory.mktemp("kept") / "troth.db"
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.executescript(KEPT)
    if request.param == "sqlite":
        upgrade(f"sqlite:///{file}")
        yield f"sqlite:///{file}"
        return
    url = fresh_postgres("kept", tables=False)
    upgrade(url, REVISION)
    copy_rows(file, url)
    upgrade(url)
    yield url
    drop_postgres(url)


def copy_rows(file: Path, url: str) -> None:
    """Copy the rows of a SQLite file into the empty tables of the same revision on PostgreSQL."""
    with (
        contextlib.closing(sqlite3.connect(file)) as source,
        Storage(url, 1) as storage,
        storage.engine.begin() as connection,
    ):
        source.row_factory = sqlite3.Row
        tables = MetaData()
        tables.reflect(connection)
        connection.execute(text("SET session_replication_role = replica"))  # in any order, whatever refers to whatever
        for table in tables.sorted_tables:
            if table.name != "alembic_version":
                rows = [converted(table, row) for row in source.execute(f'SELECT * FROM "{table.name}"')]
                assert rows, table.name
                connection.execute(table.insert(), rows)


def converted(table: Table, row: sqlite3.Row) -> dict[str, Any]:
    """A row of SQLite with the values that PostgreSQL's columns take."""
    return {
        column.name: json.loads(value)
        if isinstance(column.type, JSON) and value is not None
        else bool(value)
        if isinstance(column.type, Boolean) and value is not None
        else bytes(value)
        if isinstance(column.type, LargeBinary) and value is not None
        else value
        for column in table.columns
        for value in [row[column.name]]
    }


@pytest.fixture(scope="module")
def client(kept: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    settings = Settings(
        mock=True, database_url=kept, fixed_clock=True, pool_size=2, files_dir=tmp_path_factory.mktemp("files")
    )
    seen_by_others = set(SEEN)
    with contextlib.closing(build(settings, create_tables=False, docs=False)) as server:
        made = Client(server)
        yield made
        made.close()
        SEEN.intersection_update(seen_by_others)  # these calls are no tests of their operations


def call(client: Client, api: str, method: str, path: str, **options: Any) -> Any:
    if api == "saasquatch":
        options["auth"] = ("", SAASQUATCH_KEY)
    else:
        options["headers"] = {"Authorization": f"Bearer {BEARERS[api]}"}
    answer = client.request(method, path, **options)
    assert answer.status_code in (200, 201), f"{path}: {answer.text}"
    return answer.json()


def get(client: Client, api: str, path: str, **params: Any) -> Any:
    return call(client, api, "GET", path, params=params)


def test_it_has_the_newest_schema_and_a_row_in_each_table_that_there_was(kept: str) -> None:
    import_tables()
    with Storage(kept, 1) as storage, storage.engine.connect() as connection:
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == newest_revision()
        names = {line.split('"')[1] for line in KEPT.splitlines() if line.startswith('INSERT INTO "')}
        assert len(names) == 97
        for table in Base.metadata.sorted_tables:
            count = connection.scalar(select(func.count()).select_from(table))
            assert count or table.name not in names, table.name


def test_points_of_campaigns_are_counted_by_the_month(kept: str) -> None:
    """Of one campaign the version before had counted 50 of the 200 points of a month: its limit was set within it."""
    counted = "SELECT campaign_id, sum(points) FROM lc_campaign_points WHERE tenant_id = 4 GROUP BY campaign_id"
    given = "SELECT campaign_id, sum(points - taken) FROM lc_order_points WHERE tenant_id = 4 GROUP BY campaign_id"
    with Storage(kept, 1) as storage, storage.engine.connect() as connection:
        found, wanted = ({row[0]: int(row[1]) for row in connection.execute(text(one))} for one in (counted, given))
    assert found == wanted == {1: 5_734, 2: 5_734}


@pytest.mark.parametrize("api", APIS)
def test_each_list_is_read(client: Client, api: str) -> None:
    document, _ = store.load(api)
    base, found = base_path(document), 0
    for path, method, raw in operations(document):
        target = (base + path).replace("{tenant_alias}", "demo").replace("{organizationId}", "1")
        if method != "get" or "{" in target or any(required(document, given) for given in raw.get("parameters", ())):
            continue
        if raw["operationId"] != "openListReferrals":  # wants one of two pairs of parameters
            assert get(client, api, target), raw["operationId"]
            found += 1
    assert found >= LISTS[api]


def required(document: dict[str, Any], given: dict[str, Any]) -> bool:
    """Whether a parameter of a contract has to stand in the query."""
    if "$ref" in given:
        given = document["components"]["parameters"][given["$ref"].rpartition("/")[2]]
    return given["in"] == "query" and given.get("required", False)


def test_saasquatch_goes_on(client: Client) -> None:
    user = get(client, "saasquatch", f"{SQ}/open/account/kept/user/kept")
    assert (user["firstName"], user["referredByCodes"]) == ("Kim", ["ANASTONE"])
    cents, _ = get(client, "saasquatch", f"{SQ}/reward/balance", accountId="acme")
    assert (cents["unit"], cents["totalAssignedCredit"], cents["totalRedeemedCredit"]) == ("CENTS", 3000, 200)
    body = {"accountId": "acme", "unit": "CENTS", "amount": 300}
    assert call(client, "saasquatch", "POST", f"{SQ}/credit/bulkredeem", json=body)["creditRedeemed"] == 300


def test_advocacy_goes_on(client: Client) -> None:
    ana = get(client, "advocacy", "/advocacy/api/v1/advocates/adv_demo0000000000000001")["advocate"]
    assert (ana["name"], ana["tier"]) == ("Ana Stone", "gold")
    # The idempotency key that the earlier version answered gets its answer again.
    key = {"Authorization": f"Bearer {BEARERS['advocacy']}", "Idempotency-Key": "kept-1"}
    order = {"code": "ANAST2NE", "orderId": "kept-1", "orderValue": 49.9}
    again = client.request("POST", "/advocacy/api/v1/referrals/convert", headers=key, json=order)
    assert (again.status_code, again.json()["conversion"]["orderId"]) == (200, "kept-1")
    after = get(client, "advocacy", "/advocacy/api/v1/advocates/adv_demo0000000000000001")["advocate"]
    assert after["points"] == ana["points"]


def test_leat_goes_on(client: Client) -> None:
    clients = "/leat/api/v3/oauth/clients"
    (completed,) = get(client, "leat", f"{clients}/referrals", status="completed", limit=1)["data"]
    assert completed["referring_contact"]["email"] == "ana@example.org"
    form = {"email": "new@example.org", "referral_code": "ANAST7NE"}
    call(client, "leat", "POST", f"{clients}/contacts", data=form)
    assert (
        get(client, "leat", f"{clients}/contacts/find-one-by", email="new@example.org")["data"]["email"]
        == form["email"]
    )


def test_loyalty_core_goes_on(client: Client) -> None:
    assert get(client, "loyalty_core", f"{CLUB}/search/members", query="ana stone")["results"][0]["memberId"] == 42
    balances = f"{CLUB}/ledgers/1/wallets/142/balances"
    before = get(client, "loyalty_core", balances)["wallets"][0]["balance"]
    minted = {"amount": 500, "systemUniqueKey": "after-the-upgrade"}
    call(client, "loyalty_core", "POST", f"{CLUB}/loyalty-members/HC-000042/mint", json=minted)
    assert get(client, "loyalty_core", balances)["wallets"][0]["balance"] == before + 500
