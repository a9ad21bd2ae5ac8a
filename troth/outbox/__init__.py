"""The dispatcher: due jobs are run and webhooks sent."""
