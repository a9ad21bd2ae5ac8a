"""Tools for whoever writes the contracts: bundling, linting, skeletons of handlers, the error catalogue."""
