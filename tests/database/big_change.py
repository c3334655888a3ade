"""Commit a big change and be killed on the way: test_kill runs this as a process.

Arguments: the URL; the statement before which this process kills itself, `COMMIT`, or
`none`; and which one of such statements. It tells when it begins to write.
"""

import sys
from datetime import date

from oikeus.store import (
    ApplicationState,
    ApplicationStep,
    Change,
    Scope,
    Store,
    TokenState,
    TokenStep,
)
from oikeus.terms import Line, Names, Source

from .dying import die_before

SIZE = 7_000  # more than one batch of rows, and more pages than SQLite keeps in memory


def main(url: str, moment: str, which: int) -> None:
    """Replace everything by something big."""
    store = Store.open(url)
    die_before(store, moment, which)
    lines = (
        Line("g", (f"person:{n}", "role:new", "1.2"), Source("g.csv", n, "R2: why"))
        for n in range(SIZE)
    )
    with store.writing() as writer:
        change = Change(
            "policy",
            "person:tester",
            "big",
            add=tuple(lines),
            remove=writer.load().lines,
            model="new",
            catalogue="new",
            names={"1.2": Names("Uusi")},
            application=ApplicationStep(
                ApplicationState.REQUESTED, "person:a", "role:a", "1.2", date.max
            ),
            token=TokenStep(
                TokenState.ACTIVE,
                "system:a",
                (Scope.SEARCH,),
                (),
                date.max,
                secret_digest="0" * 64,
            ),
        )
        sys.stdout.write("writing\n")
        sys.stdout.flush()
        writer.commit(change)
    store.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
