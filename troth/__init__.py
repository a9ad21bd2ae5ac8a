"""The runtime that no API owns: contracts, the compiled request path, the server, mock mode and the command line."""

__version__ = "0.2.0"
