"""Tenants, their credentials, and the sandboxes that they are in."""
