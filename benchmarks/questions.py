"""What is asked: one mix of allows and denies, drawn from a seed, alike at every size.

Subjects are drawn uniformly, whatever they hold. Every text is made anew, as it is when
it comes over a network, so that no contender finds the very object that it has loaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import TypeAlias

from .worlds import SEED, Held, World

Question: TypeAlias = tuple[str, str, str, str]
"""Subject, action, resource, organisation: as `DecisionPoint.allows` takes them."""

# what each role is used for, mostly
_DEEDS = {
    "role:vastuukayttaja": (("create", "tiedonsiirtotunnus"),),
    "role:ehoks-paakayttaja": (("read", "hoks"), ("share", "hoks")),
    "role:ehoks-kayttaja": (("read", "hoks"), ("share", "hoks")),
    "role:palvelukayttaja": (("transfer", "hoks"),),
    "role:tunnus": (("transfer", "hoks"),),
    "role:tallentajan-paakayttaja": (("read", "hoks"), ("create", "hoks")),
    "role:tallentaja": (("update", "hoks"), ("create", "hoks"), ("read", "hoks")),
}
_ALL_DEEDS = tuple({deed: None for deeds in _DEEDS.values() for deed in deeds})

_OWN, _BELOW, _OTHER_DEED, _ELSEWHERE, _UNKNOWN_PLACE = range(5)
# how many in a hundred ask about the organisation of a grant, one below it, another
# deed there, another organisation, an unknown one; the rest name unknown subjects
_MIX = ((_OWN, 55), (_BELOW, 17), (_OTHER_DEED, 10), (_ELSEWHERE, 12))
_UNKNOWN = 3


def ask(world: World, count: int, *, seed: object = SEED) -> list[Question]:
    """Draw questions, no two alike in subject."""
    rng = Random(f"{seed} questions")  # noqa: S311 - chance, not secrets
    subjects = [*dict.fromkeys(grant.subject for grant in world.grants)]
    asked = rng.sample(subjects, min(count, len(subjects)))
    held: dict[str, list[Held]] = {subject: [] for subject in asked}
    for grant in world.grants:
        if grant.subject in held:
            held[grant.subject].append(grant)
    below: dict[str, list[str]] = {}
    for place in world.places:
        below.setdefault(place.parent, []).append(place.oid)
    return [
        _fresh(_question(world, below, rng.choice(grants), rng))
        for grants in held.values()
    ]


def strangers(count: int) -> Iterator[Question]:
    """Questions about subjects and organisations that nobody has heard of."""
    for number in range(count):
        yield f"person:x.{number}", "read", "hoks", f"9.{number}"


def _question(
    world: World, below: dict[str, list[str]], grant: Held, rng: Random
) -> Question:
    subject, role, place, _ = grant
    action, resource = rng.choice(_DEEDS[role])
    kind = _kind(rng)
    if kind == _BELOW:
        place = rng.choice(below.get(place, [place]))
    elif kind == _OTHER_DEED:
        action, resource = rng.choice(_ALL_DEEDS)
    elif kind == _ELSEWHERE:
        place = rng.choice(world.places).oid
    elif kind == _UNKNOWN_PLACE:
        place = f"9{place}"
    elif kind is None:
        subject = f"{subject}9"
    return subject, action, resource, place


def _kind(rng: Random) -> int | None:
    drawn = rng.randrange(100)
    for kind, share in (*_MIX, (_UNKNOWN_PLACE, _UNKNOWN)):
        drawn -= share
        if drawn < 0:
            return kind
    return None


def _fresh(question: Question) -> Question:
    subject, action, resource, place = question
    return subject.encode().decode(), action, resource, place.encode().decode()
