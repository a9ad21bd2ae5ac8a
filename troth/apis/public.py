"""What needs no credential: short links, files, signing keys, health."""

from handlers.public import _edge
from troth.apis.api import Api

API = Api("public", _edge, under_prefixes=True)
