"""Handlers of the Loyalty Core API."""
