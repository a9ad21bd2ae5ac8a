"""A primary that dies under load while its standby takes over;
`make failover` runs it, with PostgreSQL's own programs.
"""
