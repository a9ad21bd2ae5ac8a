"""The control plane of a mock: clock, webhook inbox, information."""

from handlers.control import _edge
from troth.apis.api import TROTH_ERRORS, Api

API = Api("control", _edge, errors=TROTH_ERRORS, mock_only=True)
