"""Traces by OpenTelemetry (`TROTH_OTEL_ENDPOINT`, the extra `troth[otel]`): requests, their statements, and deliveries
of webhooks.
"""
