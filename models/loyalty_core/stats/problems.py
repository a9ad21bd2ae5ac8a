"""Refusals of stats."""

from models.loyalty_core.problems import NotFound


class SurveyNotFound(NotFound):
    """The organization has no such survey."""

    code = "SURVEY_NOT_FOUND"
