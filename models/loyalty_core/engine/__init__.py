"""Evaluation of an event: by referral programs, campaigns and missions, in that order."""
