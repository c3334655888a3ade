"""Policy tests: cases, what of a policy they exercise, and what they would notice."""
