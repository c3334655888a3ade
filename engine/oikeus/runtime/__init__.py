"""Puts a store and a decision point together: decides by a database, and follows it."""

from .connecting import connect
from .freshness import Freshness, Standing
from .live_point import LivePoint
from .options import MAX_STALE

__all__ = ["MAX_STALE", "Freshness", "LivePoint", "Standing", "connect"]
