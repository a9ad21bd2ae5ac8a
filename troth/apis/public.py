"""What needs no credential: short links, files, signing keys, health."""

from handlers.public import _edge
from troth.apis.api import TROTH_ERRORS, Api

API = Api("public", _edge, errors=TROTH_ERRORS, under_prefixes=True)
