"""What callers with bad intentions send, everywhere, and what no caller may be shown. `make hostile` runs it."""
