"""One module a step, in the order of their names; a released one is never edited."""
