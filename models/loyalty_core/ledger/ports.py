"""What the ledger asks of higher rooms (`wiring.py`)."""

from collections.abc import Sequence

from models.kernel.ports import Port, Signal
from models.uow import UnitOfWork

wallet_owners: Port[[UnitOfWork, Sequence[int]], dict[int, int]] = Port("wallet_owners")
"""The ids of the members whose wallets these are, by wallet; a wallet that nobody has is left out."""
balances_changed: Signal[[UnitOfWork, int, int, Sequence[int]]] = Signal("balances_changed")
"""(ledger, account, wallets): points of these wallets in the account have moved. The unit has posted them, and balances
are locked.
"""
