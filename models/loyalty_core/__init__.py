"""Tables and rules of the Loyalty Core API."""
