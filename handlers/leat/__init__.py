"""Handlers of the Leat API."""
