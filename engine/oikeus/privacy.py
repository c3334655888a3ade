"""Who else than its owner can reach a file that is a secret: one answer for all.

What is refused depends on whose secret it is. A service's key may be its group's as
well, for that is how a key is given to a service that does not own it (`root:oikeus`,
0640). A person's token is that person's alone, as with the keys of ssh.

Whoever can write a file can put one of their own in its place, so that writing counts
as reading does.
"""

from __future__ import annotations

import os
import stat
from enum import Enum

_HAS_MODES = os.name == "posix"


class Others(Enum):
    """Who else can reach a file."""

    NOBODY = "nobody"
    GROUP = "its group"
    EVERYBODY = "everybody"


def others_by(mode: int) -> Others:
    """Who else can reach a file of this mode; nobody where modes do not say that.

    >>> [others_by(mode).value for mode in (0o600, 0o640, 0o602)]
    ['nobody', 'its group', 'everybody']
    """
    if not _HAS_MODES:
        return Others.NOBODY
    if mode & stat.S_IRWXO:
        return Others.EVERYBODY
    return Others.GROUP if mode & stat.S_IRWXG else Others.NOBODY


def is_anybodys(mode: int) -> bool:
    """Whether everybody can write a file of this mode: then it says what anybody likes.

    >>> [is_anybodys(mode) for mode in (0o644, 0o666)]
    [False, True]
    """
    return _HAS_MODES and bool(mode & stat.S_IWOTH)
