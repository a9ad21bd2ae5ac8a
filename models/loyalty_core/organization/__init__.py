"""The organization itself: users and roles, portals, content schemas, codes of places, partners and messages to
them.
"""
