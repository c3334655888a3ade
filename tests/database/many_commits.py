"""Commit again and again, on what was found: test_writers runs this as a process.

Arguments: the URL, a name for the lines, how many commits each thread makes, and how
many threads there are; one unless it is said.
"""

import sys
from concurrent.futures import ThreadPoolExecutor

from oikeus.store import Change, Store
from oikeus.terms import Line


def count_up(store: Store, name: str, count: int) -> None:
    """Count up a line that all writers share."""
    for _ in range(count):
        with store.writing() as writer:
            counters = writer.of_kind("p")
            total = int(counters[0].values[0]) if counters else 0
            mine = Line("g", (name, str(total)))
            change = Change(
                origin="policy",
                actor=name,
                message=f"on {writer.head}",
                add=(Line("p", (str(total + 1),)), mine),
                remove=counters,
            )
            writer.commit(change)


def main(url: str, name: str, count: int, threads: int) -> None:
    """Let all threads begin at the same time."""
    names = [f"{name}-{number}" for number in range(threads)]
    with Store.open(url) as store, ThreadPoolExecutor(threads) as pool:
        sys.stdin.readline()
        for done in [pool.submit(count_up, store, each, count) for each in names]:
            done.result()


if __name__ == "__main__":
    _, where, who, commits, *more = sys.argv
    main(where, who, int(commits), int(more[0]) if more else 1)
