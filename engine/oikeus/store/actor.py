"""Who acts when nobody else is named: the operating-system user of this process."""

from __future__ import annotations

import getpass
import os


def operating_system_user() -> str:
    """The name of the user, or its number when it has none.

    The environment is not asked where the system knows better: anyone can set it.
    """
    try:
        import pwd  # noqa: PLC0415 # not on every system
    except ImportError:
        return getpass.getuser()
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"uid {number}"
