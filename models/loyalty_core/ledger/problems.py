"""Refusals of ledgers, accounts and transactions."""

from models.loyalty_core.problems import Conflict, NotFound, RuleViolation


class CaptureTooLarge(RuleViolation):
    """More points would be captured than the transaction holds."""

    code = "CAPTURE_TOO_LARGE"


class DefaultAccountNeeded(Conflict):
    """A ledger with accounts has a default account."""

    code = "DEFAULT_ACCOUNT_NEEDED"


class DefaultProgramMissing(Conflict):
    """The organization has no default program."""

    code = "DEFAULT_PROGRAM_MISSING"


class LedgerAccountNotActive(Conflict):
    """The account is not active."""

    code = "LEDGER_ACCOUNT_NOT_ACTIVE"


class LedgerNotFound(NotFound):
    """The organization has no such ledger."""

    code = "LEDGER_NOT_FOUND"


class LedgerWithoutAccounts(Conflict):
    """The ledger has no account yet."""

    code = "LEDGER_WITHOUT_ACCOUNTS"


class SameWallet(RuleViolation):
    """Points are moved from a wallet to itself."""

    code = "SAME_WALLET"


class SetTooLarge(RuleViolation):
    """More items than a set may have share an atomicSetId."""

    code = "SET_TOO_LARGE"


class SystemUniqueKeyRepeated(Conflict):
    """The request has a systemUniqueKey twice."""

    code = "SYSTEM_UNIQUE_KEY_REPEATED"


class TooManyTransactions(RuleViolation):
    """More transactions were made with the key or the id than are reverted at once."""

    code = "TOO_MANY_TRANSACTIONS"


class TransactionClosed(Conflict):
    """The transaction was reverted or voided before."""

    code = "TRANSACTION_CLOSED"


class TransactionNotPending(Conflict):
    """Only a pending transaction can be captured."""

    code = "TRANSACTION_NOT_PENDING"


class TransactionNotRevertible(Conflict):
    """A transaction of this type cannot be reverted."""

    code = "TRANSACTION_NOT_REVERTIBLE"


class TransactionRepeated(RuleViolation):
    """The request names a transaction twice."""

    code = "TRANSACTION_REPEATED"


class WalletNotFound(NotFound):
    """The ledger has no such wallet."""

    code = "WALLET_NOT_FOUND"
