"""Benchmarks of the engine against what else decides: run by `make bench`, no test."""
