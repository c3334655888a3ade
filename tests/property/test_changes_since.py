"""Whoever takes in what versions did holds what a full load gives, at every version."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st

from oikeus.store import Change, GrantValues, Since, Store
from oikeus.terms import Line, Names

LINES = (
    *(Line("g", (f"person:{n}", f"role:{n % 2}", "1.2")) for n in range(4)),
    Line("g", ("person:0", "role:0")),
    Line("g", ("person:0", "", "1.2")),
    *(Line("p", (f"role:{n}", "hoks", "read", "allow")) for n in range(4)),
    Line("g2", ("1.2", "1.1")),
)

_some = st.lists(st.sampled_from(LINES), unique=True, max_size=6)
_texts = st.none() | st.sampled_from(("one", "two"))
_names = st.dictionaries(
    st.sampled_from(("1.1", "1.2")), st.sampled_from((Names("a"), Names("b")))
)
_steps = st.lists(
    st.tuples(_some, _some, st.booleans(), _texts, _names, st.booleans()), max_size=8
)


@cache
def _empty() -> bytes:
    """A database that was just made, for making one takes a while."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "empty.db"
        Store.open(f"sqlite:///{path}").close()
        return path.read_bytes()


class Follower:
    """Holds the contents, and takes in what changed."""

    def __init__(self, store: Store) -> None:
        self.mark = store.head_mark()
        self.grants: set[GrantValues] = set()
        self.lines: list[Line] = []
        self.model: str | None = None
        self.names: dict[str, Names] = {}

    def follow(self, store: Store) -> None:
        """Take in everything since the last time."""
        told = store.changes_since(self.mark)
        assert told is not None
        with store.reading() as reader:
            assert reader.since(self.mark) == told
            if told.lines_changed:
                self.lines = list(reader.lines())
        self.take_in(told)

    def check(self, store: Store) -> None:
        """Hold it against a full load, and that against what is read in parts."""
        loaded = store.load()
        with store.reading() as reader:
            grants = [grant for batch in reader.grants() for grant in batch]
            assert list(reader.lines()) == self.lines
        assert set(grants) == self.grants
        assert len(grants) == len(self.grants)
        held = {*self.lines, *(Line("g", grant) for grant in grants)}
        assert held == set(loaded.lines)
        assert (self.model, self.names) == (loaded.model, loaded.names)

    def take_in(self, told: Since) -> None:
        """Take in all but the lines."""
        assert not set(told.added) & set(told.removed)
        self.grants = (self.grants | set(told.added)) - set(told.removed)
        self.model = told.model or self.model
        self.names |= told.names
        self.mark = told.mark


def _commit(store: Store, change: Change, *, turned: bool) -> None:
    """Commit; and let lines that stay give each other their places, when asked to."""
    present = store.load().lines
    removed = tuple(line for line in change.remove if line in present)
    staying = [line for line in present if line not in removed]
    places = dict(zip(staying, [*staying[1:], *staying[:1]], strict=True))
    with store.writing() as writer:
        writer.commit(
            replace(change, remove=removed), in_place=places if turned else {}
        )


@given(_steps)
def test_followed_changes_give_what_a_load_gives(
    steps: list[
        tuple[list[Line], list[Line], bool, str | None, dict[str, Names], bool]
    ],
) -> None:
    """Grants as a set, other lines in their order, texts and names."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "oikeus.db"
        path.write_bytes(_empty())
        with Store.open(f"sqlite:///{path}") as store:
            follower = Follower(store)
            for number, (add, remove, turned, model, names, look) in enumerate(steps):
                change = Change(
                    "policy",
                    "person:tester",
                    f"change {number}",
                    add=tuple(line for line in add if line not in remove),
                    remove=tuple(remove),
                    model=model,
                    names=names,
                )
                _commit(store, change, turned=turned)
                if look:
                    follower.follow(store)
                    follower.check(store)
