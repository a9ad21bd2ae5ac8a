"""Mock mode: `troth mock`, scenarios, seeding, and what the mock says about itself."""
