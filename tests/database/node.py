"""A node: decides all the time, and writes what it says at each version it meets.

Arguments: the URL of the database, and the file in which it remembers. A line is the
version, who may read by it, and how the node stands.
"""

import sys
import time
from datetime import date

import oikeus

SCHOOL = "1.2.246.562.10.90101000000"
DAY = date(2026, 6, 1)


def main(url: str, state: str) -> None:
    """Go on until killed."""
    said: tuple[object, ...] = ()
    with oikeus.connect(url, every=0.2, state=state) as point:
        while True:
            standing = point.freshness.standing(time.monotonic())
            fixed = oikeus.DecisionPoint(point.snapshot)
            readers = fixed.who_can("read", "hoks", SCHOOL, DAY)
            for reader in readers:
                assert fixed.allows(reader, "read", "hoks", SCHOOL, DAY)
            says = fixed.version, ",".join(readers), standing
            if says != said:
                sys.stdout.write(" ".join(map(str, says)) + "\n")
                sys.stdout.flush()
            said = says
            time.sleep(0.005)


if __name__ == "__main__":
    main(*sys.argv[1:])
