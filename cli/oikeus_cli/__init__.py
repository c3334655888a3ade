"""The command `oikeus`: a thin skin over the library's public names."""
