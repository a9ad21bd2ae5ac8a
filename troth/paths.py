"""Where Troth is installed."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
"""Where openapi/, models/ and fixtures/ stand beside troth/: the checkout, or the site-packages that a wheel was
installed in.
"""
