"""Processes that are killed under load, and what must be true afterwards: `python -m tests.soak`."""
