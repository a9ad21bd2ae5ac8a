"""Migration 0012 counts from stored events and orders what servers count: all that campaigns give in a month."""

import importlib.util
from typing import Any

import pytest
from sqlalchemy import text

from tests.api.loyalty_core.conftest import Club
from tests.api.loyalty_core.engine import CONFIRMED, action, bought, campaign, expression, mint, tracked
from troth.database.migrate import MIGRATIONS

GENERIC = "member-generic-event"
(_FILE,) = (MIGRATIONS / "versions").glob("0012_*.py")
COUNTED = (
    "SELECT campaign_id, member_id, month_ms, points FROM lc_campaign_points WHERE tenant_id = :tenant AND points > 0"
)

WITHOUT_EFFECTS = "UPDATE lc_events SET effects = 'null' WHERE tenant_id = :tenant AND type = 'member-created'"
"""An event whose effects are no list, which no version is known to write, does not stop an upgrade."""


def statement(dialect: str) -> str:
    """What the migration runs on a kind of database."""
    spec = importlib.util.spec_from_file_location("migration", _FILE)
    assert spec is not None
    assert spec.loader is not None
    module: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: str = module._SQLITE if dialect == "sqlite" else module._POSTGRESQL
    return found


def counts(club: Club, *, emptied: bool = False) -> list[tuple[int, ...]]:
    """The rows, with `emptied` those that the migration makes where there are none."""
    with club.server.runtime.storage.session() as session, session.begin():
        given = {"tenant": club.tenant.id}
        if emptied:
            session.execute(text("DELETE FROM lc_campaign_points WHERE tenant_id = :tenant"), given)
            session.execute(text(WITHOUT_EFFECTS), given)
            session.execute(text(statement(session.connection().dialect.name).replace("::", "\\:\\:")))
        return sorted(tuple(row) for row in session.execute(text(COUNTED), given))


def test_the_migration_counts_what_servers_have_counted(club: Club, other_club: Club) -> None:
    ana, ben = club.member("ana", points=50), club.member("ben")
    limited = {"pointsMonthlyLimitPerMember": 9, "allowPartialApplicationOnLimit": True}
    campaign(club, GENERIC, smartRewards={"fixedPoints": 5})
    campaign(club, GENERIC, smartRewards={"fixedPoints": 4}, **limited)
    action(club, campaign(club, GENERIC), mint(expression("event.payload.number")), mint(0))
    campaign(club, CONFIRMED, smartRewards={"pointsPerCurrencyUnit": 2})
    campaign(club, CONFIRMED, smartRewards={"fixedPoints": 3})
    campaign(other_club, GENERIC, smartRewards={"fixedPoints": 8})
    tracked(other_club, other_club.member())
    for number, date in enumerate(
        ("2025-12-31T23:59:59.999Z", "2026-01-01T00:00:00.000Z", None, "2019-02-28T12:00:00Z")
    ):
        when = {} if date is None else {"externalEventDate": date}
        for member in (ana, ben):
            tracked(club, member, payload={"number": number}, **when)
    bought(club, ana, 10, key="kept")
    bought(club, ana, 20, key="amended")
    bought(club, ana, 5, key="amended")
    bought(club, ben, 30, key="more")
    bought(club, ben, 40, key="more")
    bought(club, ben, 7, key="cancelled")
    bought(club, ben, 7, "cancelled", key="cancelled")
    before = counts(club), counts(other_club)
    assert len(before[0]) == 20
    assert (counts(club, emptied=True), counts(other_club)) == before
    assert counts(other_club, emptied=True) == before[1]


@pytest.mark.parametrize(("counted", "points"), [(2, 5), (5, 5), (7, 7)])
def test_a_count_that_is_there_is_raised_and_never_lowered(club: Club, counted: int, points: int) -> None:
    """Of a campaign whose limit was set within the month, servers had counted what it gave since then."""
    ana = club.member()
    made = campaign(club, GENERIC, smartRewards={"fixedPoints": 5})
    tracked(club, ana)
    with club.server.runtime.storage.session() as session, session.begin():
        given = {"tenant": club.tenant.id, "counted": counted}
        session.execute(text("UPDATE lc_campaign_points SET points = :counted WHERE tenant_id = :tenant"), given)
        session.execute(text(statement(session.connection().dialect.name).replace("::", "\\:\\:")))
    ((number, member, _, found),) = counts(club)
    assert (number, member, found) == (made["campaignId"], ana["memberId"], points)
