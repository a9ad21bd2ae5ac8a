"""Members: their profiles, search, programs, tiers, badges and surveys."""
