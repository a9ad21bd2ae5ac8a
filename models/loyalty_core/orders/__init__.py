"""Purchase orders, and the points that they have brought."""
