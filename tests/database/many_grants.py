"""Grant again and again: test_granting_at_once runs this as a process.

Arguments: the URL, the granter, how many grants each thread makes (0: without end), how
many threads there are, the statement before which this process kills itself or `none`,
and in which grant. It tells when it is ready, and begins when it is told.
"""

import itertools
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from oikeus import Administration, Store

from .dying import die_before

DAY = date(2026, 3, 1)
PLACE = "1.2.246.562.10.90101000000"


def main(  # noqa: PLR0913, PLR0917 # the arguments of the process
    url: str, granter: str, count: int, threads: int, moment: str, which: int
) -> None:
    """Let all threads begin at the same time, on one administration."""
    with Store.open(url) as store, ThreadPoolExecutor(threads) as pool:
        desk = Administration(store, actor=granter, today=lambda: DAY)

        def work(thread: int) -> None:
            numbers = range(count) if count else itertools.count()
            for number in numbers:
                subject = f"{granter}-{thread}-{number}"
                desk.grant(subject, "ehoks-kayttaja", PLACE, granter=granter)

        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        if moment != "none":
            die_before(store, moment, which)
        for done in [pool.submit(work, thread) for thread in range(threads)]:
            done.result()


if __name__ == "__main__":
    _, where, who, many, at_once, before_what, nth = sys.argv
    main(where, who, int(many), int(at_once), before_what, int(nth))
