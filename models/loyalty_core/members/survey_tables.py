"""Tables of surveys. No call makes one: surveys and their answers come from scenario files."""

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.kernel.base import Base


class Survey(Base):
    """A question that members answer with 0 to 10."""

    __tablename__ = "lc_surveys"

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(255))
    created_ms: Mapped[int]


class SurveyAnswer(Base):
    """What a member answered."""

    __tablename__ = "lc_survey_answers"
    __table_args__ = (Index("ix_lc_survey_answers_score", "tenant_id", "survey_id", "score"),)

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    member_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    score: Mapped[int]
    answered_ms: Mapped[int]
