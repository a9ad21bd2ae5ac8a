"""Mock mode: `troth mock`, scenarios, seeding, and what the mock tells about itself."""
