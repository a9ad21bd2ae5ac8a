"""The HTTP server around the application: sockets, Granian, proxies, start and stop."""
