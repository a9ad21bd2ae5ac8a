"""Referrals: attribution, conversion, and the checks against fraud."""
