"""Ready-made places to ask a decision point: in frameworks and in SQL (PEP)."""
