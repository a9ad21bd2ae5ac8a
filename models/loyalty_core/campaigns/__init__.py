"""Campaigns: rules and their effects on members."""
