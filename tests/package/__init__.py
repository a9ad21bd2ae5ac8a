"""The wheel, installed in an environment of its own.

Takes a minute and the package index, so `make wheel-smoke` runs it, not `make test`.
"""
