"""The domain of the SaaSquatch API: users, codes, referrals, events, rewards, exports, webhooks."""
