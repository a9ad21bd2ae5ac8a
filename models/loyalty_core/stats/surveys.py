"""Stats of surveys: the net promoter score."""

from models.kernel.json_values import Shown
from models.loyalty_core.organization.queries import SURVEY
from models.loyalty_core.stats.problems import SurveyNotFound
from models.loyalty_core.stats.queries import ANSWERS_BY_SCORE
from models.uow import UnitOfWork

PROMOTER_FROM, DETRACTOR_TO = 9, 6


def net_promoter_score(uow: UnitOfWork, survey_id: int) -> Shown:
    """Promoters (9 and 10), passives and detractors (0 to 6) of a survey; the score is the share of promoters less that
    of detractors in percent, rounded to a tenth, None without an answer. Raises NotFound.
    """
    survey = uow.first(SURVEY, survey_id=survey_id)
    if survey is None:
        raise SurveyNotFound(f"There is no survey {survey_id}.")
    answers = dict(uow.rows(ANSWERS_BY_SCORE, survey_id=survey_id))
    promoters = sum(count for score, count in answers.items() if score >= PROMOTER_FROM)
    detractors = sum(count for score, count in answers.items() if score <= DETRACTOR_TO)
    total = sum(answers.values())
    return {
        "surveyId": survey.id,
        "name": survey.name,
        "answerCount": total,
        "promoterCount": promoters,
        "passiveCount": total - promoters - detractors,
        "detractorCount": detractors,
        # A small negative one is rounded to -0.0.
        "score": None if total == 0 else round(100 * (promoters - detractors) / total, 1) or 0.0,
    }
