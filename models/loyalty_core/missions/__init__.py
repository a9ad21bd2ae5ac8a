"""Missions: goals that members reach by counts, and the matchers that find the items of orders that count."""
