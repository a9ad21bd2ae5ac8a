"""Which tier points lead to: the highest active one of the program that they reach.

The points are those of the program's tier account, or of its main account, or of the ledger's default account, with what
pending transactions have set aside in them. Nobody is below the program's default tier, if that is active.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import and_, bindparam, func, select

from models import ledger
from models.kernel.lists import among
from models.kernel.statements import TENANT, Query
from models.ledger import LedgerBalance
from models.loyalty_core.ledger.account_names import held, spendable, wallet_balances
from models.loyalty_core.ledger.tables import PointLedger
from models.loyalty_core.members.enrolments import lock_enrolment, new_enrolment, put_tier
from models.loyalty_core.members.tables import Enrolment, Member, Tier
from models.loyalty_core.members.views import find_member, find_program
from models.loyalty_core.organization.tables import Program
from models.uow import UnitOfWork

_DECIDING = func.coalesce(Program.tier_account_id, Program.main_account_id, PointLedger.default_account_id)
_THE_LEDGER = and_(PointLedger.tenant_id == Program.tenant_id, PointLedger.id == Program.ledger_id)
_TIERS = Query(
    select(Tier.id, Tier.min_required_points)
    .where(Tier.tenant_id == TENANT, Tier.program_id == bindparam("program_id"), Tier.active.is_(True))
    .order_by(Tier.min_required_points.desc(), Tier.tier_order.desc(), Tier.id)
)
"""The active tiers of a program, the highest first."""


class _Standing(NamedTuple):
    """A member beside a program, as it was read without a lock."""

    member_id: int
    wallet_id: int
    program_id: int
    default_tier_id: int | None
    deciding_account_id: int | None
    enrolled_in: int | None
    tier_id: int | None
    manual: bool | None


_ENROLLED = and_(
    Enrolment.tenant_id == Member.tenant_id, Enrolment.member_id == Member.id, Enrolment.program_id == Program.id
)
_STANDINGS = Query(
    select(
        Member.id,
        Member.wallet_id,
        Program.id,
        Program.default_tier_id,
        _DECIDING,
        Enrolment.program_id,
        Enrolment.tier_id,
        Enrolment.manual,
    )
    .select_from(Member)
    .join(Program, Program.tenant_id == Member.tenant_id)
    .join(PointLedger, _THE_LEDGER)
    .outerjoin(Enrolment, _ENROLLED)
    .where(
        Member.tenant_id == TENANT,
        among(Member.wallet_id, "wallet_ids"),
        Program.ledger_id == bindparam("ledger_id"),
        Program.active.is_(True),
    )
    .order_by(Member.id, Program.id),
    _Standing,
)
"""Members of wallets, each with each active program of a ledger and the enrolment there, if there is one: in the order in which
enrolments are locked."""

Ladder = list[tuple[int, int]]
"""Active tiers, the highest first, and the points that each takes."""


def points_changed(uow: UnitOfWork, ledger_id: int, account_id: int, wallet_ids: Sequence[int]) -> None:
    """After points of these wallets in an account have moved: their members come into the active programs of the ledger
    in which they now have earned for the first time, and, where the account decides on tiers, into the tiers that they reach.

    The postings are in the unit's book, and what the wallets hold of the account is locked.
    """
    ledger.lock(uow, (place for wallet_id in wallet_ids for place in _places(account_id, wallet_id)))
    ladders: dict[int, Ladder] = {}
    for standing in uow.rows(_STANDINGS, ledger_id=ledger_id, wallet_ids=wallet_ids):
        if standing.enrolled_in is None:
            if _has_earned(uow, account_id, standing.wallet_id):
                enrol(uow, find_member(uow, standing.member_id), find_program(uow, standing.program_id))
        elif standing.deciding_account_id == account_id:
            if standing.program_id not in ladders:
                ladders[standing.program_id] = _ladder(uow, standing.program_id)
            _judge(uow, standing, account_id, ladders[standing.program_id])


def enrol(uow: UnitOfWork, member: Member, program: Program) -> None:
    """Put a member who is not in a program into it, and into the tier that the points lead to."""
    tier_id = decide(_ladder(uow, program.id), program.default_tier_id, _points(uow, member, program))
    put_tier(uow, member, program, new_enrolment(uow, member, program), tier_id)


def expire_tier(uow: UnitOfWork, subject: str) -> None:
    """A job: the time of a tier that was set by hand may be over; if it is, the points decide again."""
    member_id, program_id = map(int, subject.split("/"))
    reevaluate(uow, find_member(uow, member_id), find_program(uow, program_id))


def reevaluate(uow: UnitOfWork, member: Member, program: Program) -> None:
    """Let the points decide again on a tier that was set by hand and whose time is over."""
    account_id = _deciding_account(uow, program)
    # A mint that is committed between the reading of the points and the writing of the tier would be lost: it left the
    # tier alone, as one set by hand. So the balance is locked, and read only when the enrolment is locked too: the first
    # mint of a wallet has no balance to lock yet, and waits for the enrolment instead (`_judge`).
    if account_id is not None:
        uow.lock(uow.scoped(LedgerBalance).where(LedgerBalance.account == spendable(account_id, member.wallet_id)))
    row = lock_enrolment(uow, member.id, program.id)
    if row is None or row.tier_expires_ms is None or row.tier_expires_ms > uow.now_ms:
        return
    tier_id = decide(_ladder(uow, program.id), program.default_tier_id, _points(uow, member, program))
    put_tier(uow, member, program, row, tier_id)


def decide(ladder: Ladder, default_tier_id: int | None, points: int) -> int | None:
    """The tier that points lead to: the highest of a ladder that they reach, or that is the default; none without either.

    The default is where members begin, so that nobody falls below it by earning.
    """
    return next((tier_id for tier_id, needed in ladder if needed <= points or tier_id == default_tier_id), None)


def _judge(uow: UnitOfWork, standing: _Standing, account_id: int, ladder: Ladder) -> None:
    """Set the tier that the points of a locked wallet lead to, where it is another than the member's."""
    free, aside = _places(account_id, standing.wallet_id)
    tier_id = decide(ladder, standing.default_tier_id, ledger.balance(uow, free) + ledger.balance(uow, aside))
    is_first = ledger.postings(uow).held[free].is_new
    if (not is_first) if standing.manual else (tier_id == standing.tier_id):
        return
    row = lock_enrolment(uow, standing.member_id, standing.program_id)
    if row is not None and not row.manual:
        put_tier(uow, find_member(uow, row.member_id), find_program(uow, row.program_id), row, tier_id)


def _places(account_id: int, wallet_id: int) -> tuple[str, str]:
    return spendable(account_id, wallet_id), held(account_id, wallet_id)


def _has_earned(uow: UnitOfWork, account_id: int, wallet_id: int) -> bool:
    """Whether one of the unit's transactions has left a wallet with more: to spend points, or to lose them, is not to earn."""
    mine = _places(account_id, wallet_id)
    gains: dict[object, int] = defaultdict(int)
    for entry in ledger.postings(uow).entries:
        if entry["account"] in mine:
            amount = entry["amount"]
            assert isinstance(amount, int)
            gains[entry["transaction_id"]] += amount
    return any(gain > 0 for gain in gains.values())


def _ladder(uow: UnitOfWork, program_id: int) -> Ladder:
    return [(tier_id, needed) for tier_id, needed in uow.rows(_TIERS, program_id=program_id)]


def _deciding_account(uow: UnitOfWork, program: Program) -> int | None:
    """The account whose points decide on a program's tiers; None where the ledger has no default account either."""
    found: int | None = uow.session.scalar(
        select(_DECIDING)
        .select_from(Program)
        .join(PointLedger, _THE_LEDGER)
        .where(Program.tenant_id == uow.tenant_id, Program.id == program.id)
    )
    return found


def _points(uow: UnitOfWork, member: Member, program: Program) -> int:
    """The points that decide on a member's tier, unlocked, with the unit's own postings in them."""
    account_id = _deciding_account(uow, program)
    return 0 if account_id is None else wallet_balances(uow, [account_id], member.wallet_id)[account_id][0]
