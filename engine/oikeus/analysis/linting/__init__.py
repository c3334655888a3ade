"""Linting: what runs the checks, and what they see; the checks are in `checks`."""
