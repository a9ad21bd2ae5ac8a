"""The domain: tables, queries and rules. Knows nothing of HTTP, of contracts or of the runtime."""
