"""The checks of `oikeus check`, one file each, told of in `docs/checks/`."""
