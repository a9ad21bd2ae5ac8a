"""Tables of the Leat API. Times are ms since the epoch, credits are whole, money is in cents.

What a contact holds is in the ledger (`models.ledger`): credits in `contact/<uuid>`, prepaid money in `prepaid/<uuid>`.
"""

from sqlalchemy import Double, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.kernel.base import Base
from models.kernel.json_values import FreeForm
from models.row_counts import count_rows

UUID = String(36)
EMAIL = String(320)
NAME = String(255)


class Contact(Base):
    """A person of the account.

    One without an e-mail address is anonymous, known by an identifier such as a card alone.
    """

    __tablename__ = "leat_contacts"
    __table_args__ = (
        UniqueConstraint("tenant_id", "number"),
        UniqueConstraint("tenant_id", "folded_email"),
        UniqueConstraint("tenant_id", "referral_code"),
        UniqueConstraint("tenant_id", "identifier"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(UUID, primary_key=True)
    number: Mapped[int]
    email: Mapped[str | None] = mapped_column(EMAIL)
    folded_email: Mapped[str | None] = mapped_column(EMAIL)
    """The address in lower case: it is unique, and found, whatever its case."""
    firstname: Mapped[str | None] = mapped_column(NAME)
    lastname: Mapped[str | None] = mapped_column(NAME)
    referral_code: Mapped[str] = mapped_column(String(8))
    identifier: Mapped[str | None] = mapped_column(NAME)
    attributes: Mapped[FreeForm | None]
    """Values of the account's own attributes by name: texts, numbers, true or false.
    Names have columns of their own.
    """
    transaction_count: Mapped[int]
    """How many credit receptions there are: what completes a referral."""
    created_ms: Mapped[int]
    updated_ms: Mapped[int]


count_rows("leat_contacts")


class Referral(Base):
    """Who signed up with whose code; status is pending, completed or failed. Each contact was referred at most once."""

    __tablename__ = "leat_referrals"
    __table_args__ = (
        UniqueConstraint("tenant_id", "referred_uuid"),
        Index("ix_leat_referrals_created", "tenant_id", "created_ms", "uuid"),
        Index("ix_leat_referrals_status", "tenant_id", "status", "created_ms", "uuid"),
        Index("ix_leat_referrals_referring", "tenant_id", "referring_uuid", "created_ms", "uuid"),
        Index("ix_leat_referrals_referring_status", "tenant_id", "referring_uuid", "status", "created_ms", "uuid"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(UUID, primary_key=True)
    referring_uuid: Mapped[str] = mapped_column(UUID)
    referred_uuid: Mapped[str] = mapped_column(UUID)
    status: Mapped[str] = mapped_column(String(16))
    created_ms: Mapped[int]
    ended_ms: Mapped[int | None]
    """When it was completed or failed."""


class CreditReception(Base):
    """A loyalty transaction: what was bought, and the credits it gave."""

    __tablename__ = "leat_credit_receptions"
    __table_args__ = (Index("ix_leat_credit_receptions_contact", "tenant_id", "contact_uuid", "created_ms"),)

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(UUID, primary_key=True)
    contact_uuid: Mapped[str] = mapped_column(UUID)
    shop_uuid: Mapped[str] = mapped_column(UUID)
    credits: Mapped[int]
    unit_value: Mapped[float | None] = mapped_column(Double)
    unit_name: Mapped[str | None] = mapped_column(String(64))
    identifier: Mapped[str | None] = mapped_column(NAME)
    pos_transaction_id: Mapped[str | None] = mapped_column(NAME)
    created_ms: Mapped[int]


class Voucher(Base):
    """A voucher of a promotion that a contact got for a referral. No call of this part of the API shows vouchers."""

    __tablename__ = "leat_vouchers"
    __table_args__ = (Index("ix_leat_vouchers_contact", "tenant_id", "contact_uuid", "created_ms"),)

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    uuid: Mapped[str] = mapped_column(UUID, primary_key=True)
    contact_uuid: Mapped[str] = mapped_column(UUID)
    referral_uuid: Mapped[str] = mapped_column(UUID)
    promotion_uuid: Mapped[str] = mapped_column(UUID)
    promotion_name: Mapped[str] = mapped_column(NAME)
    created_ms: Mapped[int]
