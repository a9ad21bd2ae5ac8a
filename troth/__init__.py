"""The runtime that no API owns: contracts, the compiled request path, the server, mock mode and the command line."""

from troth.deferred import defer

__version__ = "0.1.0"

defer("httpx", "requests")  # before anything imports Connexion
