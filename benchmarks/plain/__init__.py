"""Troth beside what somebody would write in an afternoon, and beside Prism: requests a second of the same calls, one
core each.
"""
