"""Which tier points lead to: the highest active one of the program that they reach.

The points are those of the program's tier account, or of its main account, or of the ledger's default account, with
what pending transactions have set aside in them. Nobody is below the program's default tier, if that is active.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from models import ledger
from models.loyalty_core.ledger.account_names import held, locked_wallets, spendable, wallet_balances
from models.loyalty_core.ledger.ledgers import find_ledger
from models.loyalty_core.members.enrolments import lock_enrolment, put_tier
from models.loyalty_core.members.ladders import Ladder, ladder_of, tier_key
from models.loyalty_core.members.queries import BALANCE, STANDINGS, EnrolmentRow
from models.loyalty_core.members.tables import Member
from models.loyalty_core.members.views import find_member, find_program, known_programs
from models.loyalty_core.organization.programs import programs
from models.loyalty_core.organization.tables import Program
from models.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class _Standing:
    """The member of a wallet, with tier and `manual` of each enrolment by program, as they were read without a lock."""

    member_id: int
    wallet_id: int
    enrolments: dict[int, tuple[int | None, bool | None]] = field(default_factory=dict)


def points_changed(uow: UnitOfWork, ledger_id: int, account_id: int, wallet_ids: Sequence[int]) -> None:
    """Enrol the members of wallets whose points in an account have moved in the active programs of the ledger in which
    they have now earned for the first time, and, where the account decides on tiers, put them into the tiers that they
    reach.

    The unit has posted the transactions, and what the wallets hold of the account is locked. Enrolments are locked in
    the order of members and programs.
    """
    concerned = [
        program for program in programs(uow).by_id.values() if program.ledger_id == ledger_id and program.active
    ]
    if all(_deciding_account(uow, program) != account_id for program in concerned):
        program_ids = frozenset(program.id for program in concerned)
        wallet_ids = [wallet_id for wallet_id in wallet_ids if not program_ids <= known_programs(uow, wallet_id)]
    if not wallet_ids:
        return
    ledger.lock(uow, (place for wallet_id in wallet_ids for place in _places(account_id, wallet_id)))
    standings = _standings(uow, account_id, wallet_ids)
    for standing in sorted(standings, key=lambda one: one.member_id):
        for program in concerned:
            if program.id not in standing.enrolments:
                if _has_earned(uow, account_id, standing.wallet_id):
                    enrol(uow, find_member(uow, standing.member_id), program)
            elif _deciding_account(uow, program) == account_id:
                _judge(uow, standing, program, account_id)


def _standings(uow: UnitOfWork, account_id: int, wallet_ids: Sequence[int]) -> list[_Standing]:
    """The members of wallets and their enrolments.

    Those of all wallets that are locked in the account are read together, once a unit.

    They are read behind the locks of the account's balances: a mint that another unit has committed before is in them,
    and none can be added after. What another account's locks guard is read again behind those.
    """
    known = ledger.postings(uow).known
    if any(("standing", account_id, wallet_id) not in known for wallet_id in wallet_ids):
        unread = [one for one in locked_wallets(uow, account_id) if ("standing", account_id, one) not in known]
        known.update({("standing", account_id, wallet_id): None for wallet_id in unread})
        for row in uow.rows(STANDINGS, wallet_ids=unread):
            standing = known["standing", account_id, row.wallet_id] or _Standing(row.member_id, row.wallet_id)
            known["standing", account_id, row.wallet_id] = standing
            if row.program_id is not None:
                standing.enrolments[row.program_id] = row.tier_id, row.manual
    found = [known["standing", account_id, wallet_id] for wallet_id in wallet_ids]
    return [one for one in found if one is not None]


def enrol(uow: UnitOfWork, member: Member, program: Program, points: int | None = None) -> EnrolmentRow:
    """Enrol a member in a program, in the tier that the points lead to; the enrolment.

    The points are read unless they are given.
    """
    held = _points(uow, member, program) if points is None else points
    tier_id = decide(ladder_of(uow, program.id), program.default_tier_id, held)
    put_tier(uow, member, program, None, tier_id)
    return EnrolmentRow(member.id, program.id, tier_id, tier_key(uow, tier_id), None)


def expire_tier(uow: UnitOfWork, subject: str) -> None:
    """A job: the time of a tier that was set by hand may be over; if it is, the points decide again."""
    member_id, program_id = map(int, subject.split("/"))
    reevaluate(uow, find_member(uow, member_id), find_program(uow, program_id))


def reevaluate(uow: UnitOfWork, member: Member, program: Program) -> None:
    """Decide by the points again on a tier that was set by hand and has expired."""
    account_id = _deciding_account(uow, program)
    # A mint that is committed between the reading of the points and the writing of the tier would be lost: it left the
    # tier alone, as one set by hand. So the balance is locked, and read only when the enrolment is locked too: the
    # first mint of a wallet has no balance to lock yet, and waits for the enrolment instead (`_judge`).
    if account_id is not None:
        uow.lock_row(BALANCE, account=spendable(account_id, member.wallet_id))
    row = lock_enrolment(uow, member.id, program.id)
    if row is None or row.tier_expires_ms is None or row.tier_expires_ms > uow.now_ms:
        return
    tier_id = decide(ladder_of(uow, program.id), program.default_tier_id, _points(uow, member, program))
    put_tier(uow, member, program, row, tier_id)


def decide(ladder: Ladder, default_tier_id: int | None, points: int) -> int | None:
    """The tier that points lead to: the highest of a ladder that they reach, or that is the default; none without
    either.

    The default is where members begin, so that nobody falls below it by earning.
    """
    return next((tier_id for tier_id, needed in ladder if needed <= points or tier_id == default_tier_id), None)


def _judge(uow: UnitOfWork, standing: _Standing, program: Program, account_id: int) -> None:
    """Set the tier that the points of a locked wallet lead to, where it is another than the member's."""
    free, aside = _places(account_id, standing.wallet_id)
    points = ledger.balance(uow, free) + ledger.balance(uow, aside)
    tier_id = decide(ladder_of(uow, program.id), program.default_tier_id, points)
    before_id, manual = standing.enrolments[program.id]
    is_first = ledger.postings(uow).held[free].is_new
    if (not is_first) if manual else (tier_id == before_id):
        return
    row = lock_enrolment(uow, standing.member_id, program.id)
    if row is not None and not row.manual:
        put_tier(uow, find_member(uow, standing.member_id), program, row, tier_id)


def _places(account_id: int, wallet_id: int) -> tuple[str, str]:
    return spendable(account_id, wallet_id), held(account_id, wallet_id)


def _has_earned(uow: UnitOfWork, account_id: int, wallet_id: int) -> bool:
    """Whether one of the unit's transactions has left a wallet with more: to spend points, or to lose them, is not to
    earn.
    """
    mine = _places(account_id, wallet_id)
    gains: dict[str, int] = defaultdict(int)
    for entry in ledger.postings(uow).entries:
        if entry.account in mine:
            gains[entry.transaction_id] += entry.amount
    return any(gain > 0 for gain in gains.values())


def _deciding_account(uow: UnitOfWork, program: Program) -> int | None:
    """The account whose points decide on a program's tiers; None where the ledger has no default account either."""
    if program.tier_account_id is not None:
        return program.tier_account_id
    if program.main_account_id is not None:
        return program.main_account_id
    return find_ledger(uow, program.ledger_id).default_account_id


def _points(uow: UnitOfWork, member: Member, program: Program) -> int:
    """The points that decide on a member's tier, unlocked, with the unit's own postings in them."""
    account_id = _deciding_account(uow, program)
    return 0 if account_id is None else wallet_balances(uow, [account_id], member.wallet_id)[account_id][0]
