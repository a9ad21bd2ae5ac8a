"""Servers, workers and commands as processes of their own; `make processes` runs them, since each takes seconds to
start.
"""
