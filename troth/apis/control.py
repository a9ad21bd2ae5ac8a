"""The control plane of a mock: clock, webhook inbox, information."""

from handlers.control import _edge
from troth.apis.api import Api

API = Api("control", _edge, mock_only=True)
