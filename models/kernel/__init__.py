"""What every part of the domain stands on: clock, ids, problems, base of tables, prepared statements, limits."""
