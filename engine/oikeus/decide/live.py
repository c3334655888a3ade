"""Who can be decided about from their grants alone, and who is put aside.

What a matcher asks of the subject itself (is it blocked?) is asked here, when grants
are loaded: those who pass are live. Put aside are those who do not, and those whom no
question can name; whoever is aside is evaluated as the model is written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from ..terms import kind_of
from .evaluator import Evaluator
from .facts import Links
from .grants import Held
from .layers import Layers
from .matcher.deciding import Decider
from .matcher.folding import linked_by, words


@dataclass(frozen=True, slots=True)
class Live:
    """The grants of those who are decided about from them.

    Attributes:
        held: by subject.
        aside: the subjects that are not in there although they hold something.
        links: what was asked of the subjects.
        kinds: the kinds of subject that there are.
    """

    held: Layers[Held]
    aside: frozenset[str]
    links: Mapping[str, Links]
    kinds: Collection[str]

    @classmethod
    def of(
        cls, decider: Decider, evaluator: Evaluator, kinds: Collection[str]
    ) -> Self | None:
        """Ask what is to be asked of the subjects.

        Returns:
            nothing, where a subject that no line is about would be put aside.
        """
        grants = evaluator.facts.grants
        asked = {ptype for term in decider.folding.subject for ptype in linked_by(term)}
        links = {ptype: evaluator.facts.links[ptype] for ptype in asked}
        barred = _barred(decider, evaluator, asked, kinds)
        if barred is None:
            return None
        aside = {*grants.strange, *barred}
        if any(holder.partition(":")[0] not in kinds for holder in grants.holders):
            aside.update(name for name in grants if kind_of(name) not in kinds)
        base, besides = grants.held.base, {**grants.held.apart, **grants.held.later}
        later = {name: chain for name, chain in besides.items() if name not in aside}
        later |= dict.fromkeys(name for name in aside if name in base)
        return cls(Layers(base, later), frozenset(aside), links, kinds)

    def following(self, evaluator: Evaluator, subjects: Iterable[str]) -> Self | None:
        """The same for the next version, in which these subjects hold something else.

        Returns:
            nothing, where more than their grants has changed.
        """
        facts = evaluator.facts
        if facts.grants.held.base is not self.held.base:
            return None
        if any(facts.links[ptype] is not known for ptype, known in self.links.items()):
            return None
        changes: dict[str, Held | None] = {}
        for subject in subjects:
            if kind_of(subject) not in self.kinds or subject in facts.grants.strange:
                return None
            if subject not in self.aside:
                changes[subject] = facts.grants.held.get(subject)
        # not `changed`: the large dictionary is the grants' own, and exists once
        held = Layers(self.held.base, {**self.held.later, **changes})
        return type(self)(held, self.aside, self.links, self.kinds)


def _barred(
    decider: Decider,
    evaluator: Evaluator,
    asked: Collection[str],
    kinds: Collection[str],
) -> Iterable[str] | None:
    """Those who do not pass; the others are named nowhere, and they all must."""
    if not decider.folding.subject:
        return ()
    named = words(decider.folding.subject).union(
        *(evaluator.facts.links[ptype] for ptype in asked)
    )
    for kind in kinds:
        anybody = f"{kind}:"
        while anybody in named:
            anybody += "?"
        if not _passes(decider, evaluator, anybody, kind):
            return None
    linked = (word for word in named if kind_of(word) in kinds)
    return (word for word in linked if not _passes(decider, evaluator, word))


def _passes(
    decider: Decider, evaluator: Evaluator, subject: str, kind: str = ""
) -> bool:
    terms, matcher = decider.subject, evaluator.matchers["m"]
    values = {"sub": subject, "kind": kind or kind_of(subject)}
    request = (values.get(name, "") for name in matcher.request)
    rule = ("",) * len(matcher.rule)
    functions = (evaluator.functions[name] for name in terms.functions)
    return terms.value(*request, *rule, *functions) is True
