"""Reviewing the grants in force: what there is to look at, and what was decided."""
