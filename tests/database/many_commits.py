"""Commit again and again, on what was found: test_writers runs this as a process.

Arguments: the URL, a name for the lines, and how many commits to make.
"""

import sys

from oikeus.store import Change, Store
from oikeus.terms import Line


def main(url: str, name: str, count: int) -> None:
    """Count up a line that all writers share."""
    with Store.open(url) as store:
        sys.stdin.readline()
        for _ in range(count):
            with store.writing() as writer:
                found = writer.load()
                counters = [line for line in found.lines if line.ptype == "p"]
                total = int(counters[0].values[0]) if counters else 0
                mine = Line("g", (name, str(total)))
                change = Change(
                    origin="policy",
                    actor=name,
                    message=f"on {found.version}",
                    add=(Line("p", (str(total + 1),)), mine),
                    remove=tuple(counters),
                )
                writer.commit(change)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
