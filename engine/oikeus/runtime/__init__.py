"""Puts a store and a decision point together: decides by a database, and follows it."""

from .connecting import connect
from .freshness import Freshness, Standing
from .live_point import LivePoint

__all__ = ["Freshness", "LivePoint", "Standing", "connect"]
