"""Tables and rules of the advocacy API."""
