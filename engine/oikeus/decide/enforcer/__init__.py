"""A drop-in `casbin.Enforcer` that answers by compiled matchers and indices."""

from .enforcer import Enforcer

__all__ = ["Enforcer"]
