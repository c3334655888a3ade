"""Casbin's lists of rules, with indices that notice every change."""
