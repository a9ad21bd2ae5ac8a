"""Tools for authors of contracts: bundling, linting, skeletons of handlers, the error catalogue."""
