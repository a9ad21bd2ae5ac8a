"""Jobs, events and deliveries, written with the change that causes them; webhook endpoints and signatures."""
