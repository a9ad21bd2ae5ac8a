"""The dashboard of a mock: pages for people, at `/` and below `/dashboard` of each sandbox."""

from troth.mock.dashboard.pages import Dashboard

__all__ = ["Dashboard"]
