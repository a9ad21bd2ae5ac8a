"""Referrals: programs, codes, and paying both sides."""
