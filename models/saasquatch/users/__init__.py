"""Users: profiles, events, and all that is held about one."""
