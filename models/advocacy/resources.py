"""Which resources the advocacy API has in which tables."""

from models import ledger
from models.advocacy.feedback import show_board, show_idea
from models.advocacy.quest_views import show_completion, show_quest, show_task
from models.advocacy.quests import tasks_of
from models.advocacy.referral_views import show_codes, show_conversion
from models.advocacy.reward_views import show_redemption, show_reward
from models.advocacy.sso import show_mapping
from models.advocacy.tables import Quest, ReferralCode
from models.advocacy.testimonials import show_testimonial
from models.advocacy.views import account_of, show_advocate, show_transaction
from models.kernel.json_values import Shown
from models.resources import Resource, Resources, never_shown, plainly
from models.uow import UnitOfWork


def _quest(uow: UnitOfWork, row: Quest) -> Shown:
    """A quest with its tasks."""
    return {**show_quest(row), "tasks": [show_task(task) for task in tasks_of(uow, row)]}


def _code(uow: UnitOfWork, row: ReferralCode) -> Shown:
    return show_codes(uow, [row])[0]


def _transaction(uow: UnitOfWork, row: ledger.LedgerTransaction) -> Shown | None:
    """A transaction from the side of the advocate whose points it moved; None where it moved nobody's."""
    for entry in ledger.entries_of(uow, row.id):
        if entry.account.startswith(account_of("")) and entry.balance_after is not None:
            return show_transaction(ledger.posted(row, entry), entry.account.removeprefix(account_of("")), entry.amount)
    return None


RESOURCES: Resources = {
    "advocacy_advocates": Resource("advocate", show_advocate, (account_of(""),)),
    "advocacy_rewards": Resource("reward", plainly(show_reward)),
    "advocacy_redemptions": Resource("redemption", plainly(show_redemption)),
    "advocacy_quests": Resource("quest", _quest, parts={"advocacy_tasks": lambda row: (row.quest_id,)}),
    "advocacy_completions": Resource("completion", plainly(show_completion)),
    "advocacy_referral_codes": Resource("referral code", _code),
    "advocacy_conversions": Resource("conversion", plainly(show_conversion)),
    "advocacy_testimonials": Resource("testimonial", plainly(show_testimonial)),
    "advocacy_boards": Resource("board", plainly(show_board)),
    "advocacy_ideas": Resource("idea", plainly(show_idea)),
    "advocacy_mappings": Resource("customer mapping", plainly(show_mapping)),
    "ledger_transactions": Resource("points transaction", _transaction),
    **never_shown("advocacy_sessions", "advocacy_used_signatures", "advocacy_referral_clicks"),
}
"""Clicks are counted by their referral code."""
