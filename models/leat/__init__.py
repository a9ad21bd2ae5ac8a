"""Tables and rules of the Leat API."""
