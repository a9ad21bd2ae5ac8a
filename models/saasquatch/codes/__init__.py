"""Referral codes, their share links, and what follows a click."""
