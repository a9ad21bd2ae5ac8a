"""Surveys: scenario files make them, as no call does."""

from collections.abc import Mapping

from models.loyalty_core.organization.ports import member_number
from models.loyalty_core.organization.queries import (
    ANSWERS,
    CHANGE_ANSWER,
    INSERT_ANSWER,
    INSERT_SURVEY,
    RENAME_SURVEY,
    SURVEY,
)
from models.loyalty_core.settings import ID_MAX
from models.uow import UnitOfWork

SCORE_MAX = 10
NAME_CHARACTERS_MAX = 255


def configure_surveys(uow: UnitOfWork, given: object) -> None:
    """Write the surveys of a scenario, `[{survey_id, name, answers: {loyalty member id: score}}]`, after its members.

    A survey that exists may get another name and further answers; a member's later answer replaces an earlier one.
    Raises ValueError, saying what is wrong.
    """
    if not isinstance(given, list):
        raise ValueError("surveys is not a list")  # noqa: TRY004  scenarios are refused by ValueError
    for entry in given:
        number, name, answers = _read(entry)
        _put(uow, number, name)
        _answer(uow, number, answers)


def _read(entry: object) -> tuple[int, str, Mapping[object, object]]:
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
    known = uow.first(SURVEY, survey_id=number)
    if known is None:
        uow.insert(INSERT_SURVEY, id=number, name=name, created_ms=uow.now_ms)
    elif known.name != name:
        uow.execute(RENAME_SURVEY, survey_id=number, new_name=name)


def _answer(uow: UnitOfWork, number: int, answers: Mapping[object, object]) -> None:
    """Write answers by the organization's own ids of the members. Raises ValueError."""
    checked = [(str(name), _score(score)) for name, score in answers.items()]
    given = {_member(uow, number, name): score for name, score in checked}
    known = dict(uow.rows(ANSWERS, survey_id=number))
    uow.insert_many(
        INSERT_ANSWER,
        [
            {"survey_id": number, "member_id": member_id, "score": score, "answered_ms": uow.now_ms}
            for member_id, score in given.items()
            if member_id not in known
        ],
    )
    uow.execute_many(
        CHANGE_ANSWER,
        [
            {"of_survey": number, "of_member": member_id, "new_score": score, "now_ms": uow.now_ms}
            for member_id, score in given.items()
            if known.get(member_id, score) != score
        ],
    )


def _score(score: object) -> int:
    if type(score) is not int or not 0 <= score <= SCORE_MAX:
        raise ValueError(f"a score is a whole number from 0 to {SCORE_MAX}, not {score!r}")
    return score


def _member(uow: UnitOfWork, number: int, loyalty_member_id: str) -> int:
    member_id = member_number(uow, loyalty_member_id)
    if member_id is None:
        raise ValueError(f"the survey {number} has an answer of {loyalty_member_id}, who is no member")
    return member_id
