"""Rewards, the balances that they add up to, and spending them."""
