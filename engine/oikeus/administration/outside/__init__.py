"""Rights that national services give: read, given a meaning, judged, taken over."""
