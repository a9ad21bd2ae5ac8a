"""Surveys of a scenario: what cannot be made by any call."""

from collections.abc import Mapping
from typing import Any

from models.loyalty_core.organization.ports import member_number
from models.loyalty_core.organization.tables import Survey, SurveyAnswer
from models.loyalty_core.settings import ID_MAX
from models.uow import UnitOfWork

SCORE_MAX = 10
NAME_CHARACTERS_MAX = 255


def configure_surveys(uow: UnitOfWork, wanted: object) -> None:
    """Put the surveys of a scenario there, `[{survey_id, name, answers: {loyalty member id: score}}]`, when the members are.

    One that is there may get another name and further answers; a member's later answer takes the place of an earlier one.
    Raises ValueError, saying what is wrong.
    """
    if not isinstance(wanted, list):
        raise ValueError("surveys is not a list")  # noqa: TRY004  scenarios are refused by ValueError
    for entry in wanted:
        number, name, answers = _read(entry)
        _put(uow, number, name)
        for loyalty_member_id, score in answers.items():
            _answer(uow, number, str(loyalty_member_id), score)
    uow.session.flush()


def _read(entry: object) -> tuple[int, str, Mapping[Any, Any]]:
    if not isinstance(entry, dict) or not {"survey_id", "name"} <= entry.keys() <= {"survey_id", "name", "answers"}:
        raise ValueError("a survey has a survey_id and a name, may have answers, and nothing else")
    number, name, answers = entry["survey_id"], entry["name"], entry.get("answers", {})
    if type(number) is not int or not 1 <= number <= ID_MAX:
        raise ValueError(f"{number!r} is not a survey_id: a whole number from 1")
    if not isinstance(name, str) or not 0 < len(name) <= NAME_CHARACTERS_MAX:
        raise ValueError(f"the name of the survey {number} is not a text of at most {NAME_CHARACTERS_MAX} characters")
    if not isinstance(answers, dict):
        raise ValueError(f"the answers of the survey {number} are not a mapping of members to scores")  # noqa: TRY004  as above
    return number, name, answers


def _put(uow: UnitOfWork, number: int, name: str) -> None:
    row = uow.session.get(Survey, (uow.tenant_id, number))
    if row is None:
        row = Survey(tenant_id=uow.tenant_id, id=number, name=name, created_ms=uow.now_ms)
        uow.session.add(row)
    row.name = name


def _answer(uow: UnitOfWork, number: int, loyalty_member_id: str, score: object) -> None:
    if type(score) is not int or not 0 <= score <= SCORE_MAX:
        raise ValueError(f"a score is a whole number from 0 to {SCORE_MAX}, not {score!r}")
    member_id = member_number(uow, loyalty_member_id)
    if member_id is None:
        raise ValueError(f"the survey {number} has an answer of {loyalty_member_id}, who is no member")
    row = uow.session.get(SurveyAnswer, (uow.tenant_id, number, member_id))
    if row is None:
        uow.session.add(
            SurveyAnswer(
                tenant_id=uow.tenant_id, survey_id=number, member_id=member_id, score=score, answered_ms=uow.now_ms
            )
        )
    elif row.score != score:
        row.score, row.answered_ms = score, uow.now_ms
