"""The event log of an organization: event types, what is written, who subscribes to it, and triggers that send it
on.
"""
