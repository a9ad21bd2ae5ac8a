"""Evaluation of an event: referrals, campaigns and missions look at it in that order."""
