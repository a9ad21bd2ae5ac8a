"""The documented fraud checks on a new referral, and what they do to its moderation.

Checks read what is stored. Their effect is the tenant's setting: IGNORE, PENDING or DENY. They can only lower the
status of a side. A blocked referrer is always denied, a blocked address always pending.
"""

from dataclasses import dataclass, field

from models.kernel.clock import DAY_MS, SECOND_MS
from models.kernel.json_values import FreeForm
from models.saasquatch.referrals.queries import COUNT_SINCE, FLAG_REFERRAL, REFERRALS_SINCE, REWARDS_SINCE
from models.saasquatch.settings import FraudChecks, Settings
from models.saasquatch.tables import User
from models.uow import UnitOfWork

SCORE = 50
RATE = "rate"
SOURCE_REFERRER, SOURCE_REFERRED = "FRIEND_SIGNUP", "REFERRED"
"""The sources of the two rewards of a referral."""
DISPOSABLE_DOMAINS = frozenset(
    {
        "mailinator.com",
        "guerrillamail.com",
        "10minutemail.com",
        "temp-mail.org",
        "yopmail.com",
        "trashmail.com",
        "sharklasers.com",
        "getnada.com",
        "dispostable.com",
        "maildrop.cc",
    }
)
APPROVED, PENDING, DENIED = "APPROVED", "PENDING", "DENIED"
_ORDER = {APPROVED: 0, PENDING: 1, DENIED: 2}


@dataclass(slots=True)
class Verdict:
    """The statuses that a new referral starts with, and the signals it shows."""

    referrer_status: str
    referred_status: str
    signals: FreeForm = field(default_factory=dict)

    def lower(self, status: str) -> None:
        """Lower both sides to a status, never raise them."""
        self.referrer_status = max(self.referrer_status, status, key=_ORDER.__getitem__)
        self.referred_status = max(self.referred_status, status, key=_ORDER.__getitem__)


def judge(uow: UnitOfWork, referrer: User, referred: User, settings: Settings) -> Verdict:
    """Moderate a new referral automatically."""
    checks = settings.fraudCheckSettings
    verdict = Verdict(
        APPROVED if settings.referrerAutoApprove else PENDING, APPROVED if settings.referredAutoApprove else PENDING
    )
    verdict.signals = {
        kind: {"message": message, "score": SCORE}
        for kind, message in _signals(uow, referrer, referred, checks).items()
    }
    suspicious = bool(verdict.signals) or (checks.tempMailCheckEnabled and _disposable(referred.email, checks))
    if suspicious and settings.suspectedFraudModerationState != "IGNORE":
        verdict.lower(DENIED if settings.suspectedFraudModerationState == "DENY" else PENDING)
    if daily_limit_reached(uow, referrer.account_id, referrer.id, checks):
        verdict.referrer_status = max(verdict.referrer_status, PENDING, key=_ORDER.__getitem__)
    if {referred.first_seen_ip, referred.last_seen_ip, uow.client_ip if uow.subject else None} & set(checks.blockedIps):
        verdict.lower(PENDING)
    if referrer.blocked_ms is not None:
        verdict.lower(DENIED)
    return verdict


def _signals(uow: UnitOfWork, referrer: User, referred: User, checks: FraudChecks) -> dict[str, str]:
    """The checks that fired: kind and message."""
    found: dict[str, str] = {}
    if checks.nameCheckEnabled and _same_name(referrer, referred):
        found["name"] = "Both participants have the same name."
    if checks.ipCheckEnabled and _ips(referrer) & _ips(referred):
        found["ip"] = "Both participants were seen at the same address."
    if checks.emailCheckEnabled and _same_mailbox(referrer.email, referred.email):
        found["email"] = "Both participants have nearly the same e-mail address."
    if checks.rateCheckEnabled and _recent(uow, referrer, checks) >= checks.fraudRateLimit:
        found[RATE] = "The referrer makes referrals unusually fast."
    return found


def _same_name(one: User, other: User) -> bool:
    """The same name, or the same with first and last name exchanged."""
    first = tuple((part or "").strip().lower() for part in (one.first_name, one.last_name))
    second = tuple((part or "").strip().lower() for part in (other.first_name, other.last_name))
    return all(first) and first in (second, second[::-1])


def _ips(user: User) -> set[str]:
    return {ip for ip in (user.first_seen_ip, user.last_seen_ip) if ip}


def _mailbox(email: str) -> str:
    """The local part without dots and without what follows a plus."""
    return email.lower().partition("@")[0].partition("+")[0].replace(".", "")


def _same_mailbox(one: str | None, other: str | None) -> bool:
    return bool(one and other) and _mailbox(one or "") == _mailbox(other or "")


def _disposable(email: str | None, checks: FraudChecks) -> bool:
    domain = (email or "").lower().rpartition("@")[2]
    return domain in DISPOSABLE_DOMAINS or domain in {d.lower() for d in checks.customEmailDomainBlacklist}


def _since_ms(uow: UnitOfWork, checks: FraudChecks) -> int:
    """When the period of the rate check began; referrals at that time do not count."""
    return uow.now_ms - checks.fraudRateLimitPeriodSeconds * SECOND_MS


def _recent(uow: UnitOfWork, referrer: User, checks: FraudChecks) -> int:
    """How many referrals the referrer has made within the period before this one."""
    return uow.one(COUNT_SINCE, account_id=referrer.account_id, user_id=referrer.id, since_ms=_since_ms(uow, checks))


def flag_recent(uow: UnitOfWork, referrer: User, verdict: Verdict, settings: Settings) -> None:
    """Flag the referrer's earlier referrals of the period too; one that has not converted gets the lower status of the
    new one.
    """
    checks = settings.fraudCheckSettings
    found = uow.rows(
        REFERRALS_SINCE, account_id=referrer.account_id, user_id=referrer.id, since_ms=_since_ms(uow, checks)
    )
    changes: list[dict[str, object]] = []
    for row in found:
        if RATE in (row.fraud_signals or {}):
            continue
        held = row.converted_ms is None and settings.suspectedFraudModerationState != "IGNORE"
        made, received = row.referrer_status, row.referred_status
        if held:
            made = max(made, verdict.referrer_status, key=_ORDER.__getitem__)
            received = max(received, verdict.referred_status, key=_ORDER.__getitem__)
        changes.append(
            {
                "referral_id": row.id,
                "fraud_signals": {**(row.fraud_signals or {}), RATE: verdict.signals[RATE]},
                "referrer_status": made,
                "referred_status": received,
                "moderated_ms": None if held and PENDING in (made, received) else row.moderated_ms,
                "modified_ms": uow.now_ms,
            }
        )
    uow.execute_many(FLAG_REFERRAL, changes)


def daily_limit_reached(uow: UnitOfWork, account_id: str, user_id: str, checks: FraudChecks) -> bool:
    """Whether a referrer has got as many referral rewards within the last 24 hours as the tenant allows.

    Exact while the referrer's account is locked; a new referral is judged without the lock, and so its conversion asks
    again.
    """
    if not checks.dailyReferralRewardLimitEnabled:
        return False
    since_ms = uow.now_ms - DAY_MS
    count = uow.one(REWARDS_SINCE, account_id=account_id, user_id=user_id, source=SOURCE_REFERRER, since_ms=since_ms)
    return count >= checks.dailyReferralRewardLimit
