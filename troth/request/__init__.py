"""The path of a request, compiled once at start-up from Connexion's own operations."""
