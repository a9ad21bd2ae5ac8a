"""Troth's own control plane, in mock mode only."""
