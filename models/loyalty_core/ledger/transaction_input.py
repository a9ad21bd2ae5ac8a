"""Transactions as callers ask for them, read from the bodies of requests."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NotRequired, TypedDict

from models.loyalty_core.instants import optional_ms
from models.loyalty_core.ledger.posting import AUTO, BURN, MINT, TRANSFER, Note, TransactionRequest


class NoteBody(TypedDict, total=False):
    """What a request notes of a transaction."""

    systemUniqueKey: str
    externalId: str
    externalEventDate: str
    description: str
    tags: list[str]


class SupplyBody(NoteBody):
    """A new limit of an account's supply, of a request."""

    maxSupply: NotRequired[int | None]


class TransferBody(NoteBody):
    """A transfer of a request."""

    amount: int
    fromWalletId: int
    toWalletId: int
    captureMethod: NotRequired[str]


class SetItemBody(TransferBody):
    """A transfer of a set."""

    ledgerAccountId: int


class SetBody(TypedDict):
    """A set of transfers of a request."""

    create: list[SetItemBody]


class PointsBody(NoteBody):
    """Points of a request that are minted or burned; it names ledger and account only where the path does not."""

    amount: int
    captureMethod: NotRequired[str]
    ledgerId: NotRequired[int]
    ledgerAccountId: NotRequired[int]


class BatchItemBody(TransferBody):
    """A transfer of a batch."""

    ledgerId: int
    ledgerAccountId: int
    atomicSetId: NotRequired[int]


class BatchBody(TypedDict):
    """A batch of transfers of a request."""

    items: list[BatchItemBody]


class CaptureBody(TypedDict):
    """A pending transaction that a request captures."""

    ledgerTransactionId: str
    captureAmount: NotRequired[int]


class CapturesBody(TypedDict):
    """The pending transactions that a request captures."""

    transactions: list[CaptureBody]


@dataclass(frozen=True, slots=True)
class SupplyInput:
    """A new maxSupply of an account, None for no limit."""

    max_supply: int | None
    note: Note


@dataclass(frozen=True, slots=True)
class PointsInput:
    """Points that are minted or burned; ledger and account are None where none is named."""

    amount: int
    capture_method: str
    note: Note
    ledger_id: int | None
    account_id: int | None

    def mint(
        self, ledger_id: int, account_id: int, wallet_id: int, in_body: frozenset[str] = frozenset()
    ) -> TransactionRequest:
        """The mint of these points; `in_body` as in the request."""
        return TransactionRequest(
            MINT, ledger_id, account_id, self.amount, None, wallet_id, note=self.note, in_body=in_body
        )

    def burn(
        self, ledger_id: int, account_id: int, wallet_id: int, in_body: frozenset[str] = frozenset()
    ) -> TransactionRequest:
        """The burn of these points; `in_body` as in the request."""
        return TransactionRequest(
            BURN, ledger_id, account_id, self.amount, wallet_id, None, self.capture_method, self.note, in_body=in_body
        )

    @property
    def named(self) -> frozenset[str]:
        """Which of ledgerId and ledgerAccountId the body names."""
        named = {"ledgerId": self.ledger_id, "ledgerAccountId": self.account_id}
        return frozenset(name for name, number in named.items() if number is not None)


@dataclass(frozen=True, slots=True)
class Capture:
    """A pending transaction to be captured: its id as it was sent, and how many of its points; None for all.

    The pointers are those of the members of the body that say so.
    """

    transaction_id: str
    amount: int | None
    id_pointer: str
    amount_pointer: str


@dataclass(frozen=True, slots=True)
class Reversal:
    """The transactions that are to be reverted, by the key or the reference that they were made with, and what to
    note.
    """

    unique_key: str | None
    external_id: str | None
    note: Note


@dataclass(frozen=True, slots=True)
class BatchItem:
    """A transfer of a batch; those with the same `set_id` are made together or not at all."""

    set_id: int | None
    request: TransactionRequest


def read_supply(body: SupplyBody) -> SupplyInput:
    """A new limit of an account's supply. Raises InvalidInput."""
    return SupplyInput(body.get("maxSupply"), read_note(body))


def read_note(body: NoteBody) -> Note:
    """The note of a request. Raises InvalidInput for a date that cannot be read."""
    return Note(
        body.get("systemUniqueKey"),
        body.get("externalId"),
        optional_ms(body.get("externalEventDate")),
        body.get("description"),
        body.get("tags", []),
    )


WALLETS = frozenset({"fromWalletId", "toWalletId"})


def read_transfer(
    body: TransferBody, ledger_id: int, account_id: int, in_body: frozenset[str] = WALLETS
) -> TransactionRequest:
    """A transfer of a request, some of whose references are in the body. Raises InvalidInput."""
    return TransactionRequest(
        TRANSFER,
        ledger_id,
        account_id,
        body["amount"],
        body["fromWalletId"],
        body["toWalletId"],
        body.get("captureMethod", AUTO),
        read_note(body),
        in_body=in_body,
    )


def read_set(body: SetBody, ledger_id: int) -> list[TransactionRequest]:
    """The transfers of a set in their order. Raises InvalidInput."""
    in_body = WALLETS | {"ledgerAccountId"}
    return [read_transfer(item, ledger_id, item["ledgerAccountId"], in_body) for item in body["create"]]


def read_points(body: PointsBody) -> PointsInput:
    """Points of a request that are minted or burned. Raises InvalidInput."""
    return PointsInput(
        body["amount"],
        body.get("captureMethod", AUTO),
        read_note(body),
        body.get("ledgerId"),
        body.get("ledgerAccountId"),
    )


def read_batch(body: BatchBody) -> list[BatchItem]:
    """The transfers of a batch in their order. Raises InvalidInput."""
    in_body = WALLETS | {"ledgerId", "ledgerAccountId"}
    return [
        BatchItem(item.get("atomicSetId"), read_transfer(item, item["ledgerId"], item["ledgerAccountId"], in_body))
        for item in body["items"]
    ]


def read_captures(body: CapturesBody) -> Sequence[Capture]:
    """The pending transactions that a request captures."""
    return [
        Capture(
            item["ledgerTransactionId"],
            item.get("captureAmount"),
            f"/transactions/{place}/ledgerTransactionId",
            f"/transactions/{place}/captureAmount",
        )
        for place, item in enumerate(body["transactions"])
    ]


def read_reversal(body: NoteBody) -> Reversal:
    """What a request reverts. Raises InvalidInput."""
    note = read_note(body)
    return Reversal(
        note.unique_key,
        note.external_id,
        Note(description=note.description, external_ms=note.external_ms, tags=note.tags),
    )
