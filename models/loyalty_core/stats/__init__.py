"""Stats: counts and sums of what is in the tables, each made by the database in one statement."""
