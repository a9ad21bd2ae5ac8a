"""Audiences: groups of members, by a rule or a list."""
