"""Models like the shipped one with other matchers for access; not all of them fold."""

from __future__ import annotations

from itertools import chain

from hypothesis import strategies as st

from oikeus.policy.model import Model, parse_model

from .worlds import MODEL

GRANT = 'g(r.sub, p.sub, r.org + "@" + r.day + "@" + p.sub)'

_USUAL: tuple[tuple[str, ...], ...] = (
    ("r.sub != p.sub", "p.sub != r.sub"),
    (GRANT,),
    ("g3(p.sub, r.kind)",),
    ('!g3(r.sub, "blocked")',),
    ("r.obj == p.obj", "p.obj == r.obj"),
    ("r.act == p.act",),
)
"""The terms of the shipped matcher, each with others that say the same."""

SHIPPED_MATCHER = " && ".join(terms[0] for terms in _USUAL)

_INSTEAD: tuple[tuple[str, ...], ...] = (
    ('(r.sub != p.sub || r.sub == "person:0")', 'r.sub != "person:1"'),
    (
        f'({GRANT} || r.sub == "person:0")',
        'g(r.sub, p.sub, "o0@" + r.day + "@" + p.sub)',
        'g(r.sub, "role:a", r.org + "@" + r.day + "@role:a")',
    ),
    (
        'r.kind == "person"',
        'p.sub != "role:a"',
        "(g3(p.sub, r.kind) || r.act == p.act)",
    ),
    (
        '!g3(r.sub, "person:1")',
        '!g3(r.sub, r.kind + ":1")',
        '!g2(r.sub, "status:passive")',
        '(g3(r.sub, "blocked") || r.kind == "system")',
        '!g4(r.sub, "person:2") && !g3(r.sub, "person:")',
        "!g3(r.sub, r.sub)",
    ),
    ("keyMatch(r.obj, p.obj)", 'r.obj in (p.obj, "report")', "r.act == p.obj"),
    ("keyMatch(r.act, p.act)", "regexMatch(r.act, p.act)", "r.org == p.act"),
)
"""What could stand there instead, for each of them."""

_BESIDES: tuple[str, ...] = (
    '!g2(r.org, "status:passive")',
    'g2(r.org, "mode:integraatio")',
    '(g2(r.org, "mode:integraatio") || r.kind == "person")',
    'r.day >= "2026-02-28"',
    'p.eft == "allow"',
    'r.org != "o2"',
    'r.obj + r.act != "hoksread"',
    'g(r.sub, "role:a", r.org + "@" + r.day + "@role:a")',
    'keyMatch(r.org, "o*")',
    "r.act == p.act",
    "r.act != p.obj",
    "p.obj != p.act",
    "r.kind != p.obj",
)

EFFECTS = (
    "some(where (p.eft == allow))",
    "some(where (p.eft == allow)) && !some(where (p.eft == deny))",
)


@st.composite
def matchers(draw: st.DrawFn) -> str:
    """The shipped matcher with terms left out, replaced, added, in any order."""
    changed = draw(st.sets(st.integers(0, len(_USUAL) - 1), max_size=2))
    terms = []
    for place, (usual, instead) in enumerate(zip(_USUAL, _INSTEAD, strict=True)):
        if place in changed:
            # nothing at all is one of the things that may stand there
            terms += draw(st.sampled_from([[], *([term] for term in instead)]))
        else:
            terms.append(draw(st.sampled_from(usual)))
    terms += draw(st.lists(st.sampled_from(_BESIDES), max_size=2))
    return " && ".join(draw(st.permutations(terms)) if terms else _BESIDES[:1])


def model_of(matcher: str, effect: str = EFFECTS[1]) -> Model:
    """The shipped model with another matcher for access, and another effect."""
    rows = chain.from_iterable(
        {"m": [f"m = {matcher}"], "e": [f"e = {effect}"]}.get(
            row.partition("=")[0].strip(), [row]
        )
        for row in MODEL.text.replace("\\\n", " ").splitlines()
    )
    return parse_model("\n".join(rows))


def models() -> st.SearchStrategy[Model]:
    """Models with such matchers, and with either effect."""
    return st.builds(model_of, matchers(), st.sampled_from(EFFECTS))
