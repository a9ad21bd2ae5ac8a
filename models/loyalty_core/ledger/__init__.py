"""Points: ledgers, accounts, lots, and every transaction that makes, moves or destroys points."""
