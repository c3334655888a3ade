"""Models with attributes, and the rules once more under them, as simply as can be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from hypothesis import strategies as st

from oikeus.policy.model import Model, parse_model
from oikeus.terms import Line

from .matchers import EFFECTS, SHIPPED_MATCHER, model_of, models
from .naive import Naive
from .worlds import World, line, worlds

Sent = Mapping[str, str]
Rule = Mapping[str, str]

VALUES: Mapping[str, tuple[str, ...]] = {
    "note": ("", "yes", "no", "*", "a", "tunnus", "blocked", "x y, [z]@.."),
    "ip": ("", "10.1", "10.2", "9.9", "yes"),
}
"""What may be sent; blank is not sent."""

NOTES = ("*", "yes", "no", "a", "10.1")
"""What a rule may say in its own column for it."""


@dataclass(frozen=True)
class Asked:
    """A question about access, and what was sent with it."""

    who: str
    act: str
    obj: str
    place: str
    day: date
    sent: Sent

    @property
    def note(self) -> str:
        """The one attribute."""
        return self.sent["note"]

    @property
    def ip(self) -> str:
        """The other one."""
        return self.sent["ip"]

    def held(self, role: str) -> tuple[str, str, str, date]:
        """The question whether who asks has a role where and when they ask."""
        return self.who, role, self.place, self.day


COLUMNS = ("sub", "obj", "act", "note", "eft")
"""What a rule says; the note is compared with what was sent."""

Test = Callable[["NaiveSent", Asked, Rule], bool]

_TESTS: Mapping[str, Test] = {
    'r.note == "yes"': lambda _, asked, __: asked.note == "yes",
    "r.note == p.note": lambda _, asked, rule: rule["note"] == asked.note,
    "r.ip != p.note": lambda _, asked, rule: rule["note"] != asked.ip,
    "r.ip != r.note": lambda _, asked, __: asked.ip != asked.note,
    'r.act + r.ip != "read10.1"': lambda _, asked, __: (
        (asked.act, asked.ip) != ("read", "10.1")
    ),
    '(p.note == "*" || r.note == p.note)': lambda _, asked, rule: (
        rule["note"] in ("*", asked.note)
    ),
    'r.note in ("", "yes", p.note)': lambda _, asked, rule: (
        asked.note in ("", "yes", rule["note"])
    ),
    '(r.ip == "" || keyMatch(r.ip, "10.*"))': lambda _, asked, __: (
        asked.ip in ("", "10.1", "10.2")
    ),
    'regexMatch(r.ip, "^(10[.]1|yes|)$")': lambda _, asked, __: (
        asked.ip in ("10.1", "yes", "")
    ),
    '(r.note != "" || g2(r.org, "status:passive"))': lambda naive, asked, _: (
        asked.note != "" or "status:passive" in naive.over(asked.place)
    ),
    '(r.note == "" || !g3(r.sub, r.note))': lambda naive, asked, _: (
        asked.note == "" or (asked.who, asked.note) not in naive.said["g3"]
    ),
    # what is on file counts where nothing was sent, as in examples/authzen
    '(r.note == "yes" || r.note == "" && '
    'g(r.sub, "role:a", r.org + "@" + r.day + "@role:a"))': lambda naive, asked, _: (
        asked.note == "yes" or (asked.note == "" and naive.has(*asked.held("role:a")))
    ),
    '(p.note == "*" || '
    'g(r.sub, "role:" + r.note, r.org + "@" + r.day + "@role:" + r.note))': (
        lambda naive, asked, rule: (
            rule["note"] == "*" or naive.has(*asked.held(f"role:{asked.note}"))
        )
    ),
}
"""Terms of a matcher, and what each of them means."""


class NaiveSent(Naive):
    """Answers by going through all lines each time, with what was sent."""

    def __init__(self, lines: Iterable[Line], tests: Iterable[Test], e: str) -> None:
        every = [*lines]
        super().__init__(each for each in every if each.ptype != "p")
        self.rules = [each.values for each in every if each.ptype == "p"]
        self.tests = [*tests]
        self.denies = "deny" in e

    def decides(self, asked: Asked) -> bool:
        """Whether a role that is held permits it, and none that is held denies it."""
        effects = {
            rule["eft"]
            for values in self.rules
            if len(values) == 5
            for rule in (dict(zip(COLUMNS, values, strict=True)),)
            if (rule["obj"], rule["act"]) == (asked.obj, asked.act)
            and self.holds(*asked.held(rule["sub"]))
            and all(test(self, asked, rule) for test in self.tests)
        }
        denied = self.denies and "deny" in effects
        return "allow" in effects and not denied and not self.is_blocked(asked.who)


@dataclass(frozen=True)
class SentWorld:
    """A world whose model has attributes, and who decides about it naively."""

    world: World
    model: Model
    naive: NaiveSent


@st.composite
def fields(draw: st.DrawFn) -> str:
    """The definition of `r`, with attributes anywhere in it."""
    found = ["sub", "kind", "org", "day", "obj", "act"]
    for name in VALUES:
        found.insert(draw(st.integers(0, len(found))), name)
    return ", ".join(found)


def with_attributes(model: Model, request: str, *terms: str) -> Model:
    """A model with another `r`, a further column in `p`, and further terms in `m`."""
    rows = (
        {
            "r": f"r = {request}",
            "p": f"p = {', '.join(COLUMNS)}",
            "m": " && ".join((row, *terms)),
        }.get(row.partition("=")[0].strip(), row)
        for row in model.text.replace("\\\n", " ").splitlines()
    )
    return parse_model("\n".join(rows))


@st.composite
def noted(draw: st.DrawFn, lines: Iterable[Line]) -> tuple[Line, ...]:
    """The same lines, the rules among them with a value for the further column."""
    found = []
    for each in lines:
        if each.ptype == "p" and len(each.values) == 4:
            note = draw(st.sampled_from(NOTES))
            found.append(line("p", *each.values[:3], note, each.values[3]))
        else:
            found.append(each)
    return tuple(dict.fromkeys(found))


@st.composite
def sent_worlds(draw: st.DrawFn) -> SentWorld:
    """A world under the shipped matcher with terms about attributes."""
    world = draw(worlds())
    lines = draw(noted(world.lines))
    terms = draw(st.sets(st.sampled_from(sorted(_TESTS)), min_size=1, max_size=2))
    effect = draw(st.sampled_from(EFFECTS))
    model = with_attributes(
        model_of(SHIPPED_MATCHER, effect), draw(fields()), *sorted(terms)
    )
    return SentWorld(
        World(lines, world.roles, world.deeds),
        model,
        NaiveSent(lines, [_TESTS[term] for term in terms], effect),
    )


def sent() -> st.SearchStrategy[dict[str, str]]:
    """What may be sent."""
    return st.fixed_dictionaries(
        {name: st.sampled_from(values) for name, values in VALUES.items()}
    )


@st.composite
def sent_models(draw: st.DrawFn) -> Model:
    """A model with attributes, and a matcher of any form that asks for them."""
    terms = draw(st.lists(st.sampled_from(sorted(_TESTS)), max_size=2))
    return with_attributes(draw(models()), draw(fields()), *terms)
