"""Handlers of the advocacy API."""
