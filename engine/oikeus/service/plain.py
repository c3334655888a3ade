"""Decides plain questions of one request, in a microsecond each.

A question is plain where it is about access, has no context, and where the tables that
decide it say all there is to say: whoever is blocked, an attribute, a rule that denies
are not plain. Nothing is made for it but its answer.

INVARIANT: what is said here is what `Questions.read` and `Judge.verdict` would say, and
never anything else. Whatever is not plain, and whatever is wrong with a question, is
not decided here at all, but left to them.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import UNSET

from ..errors import RequestError
from .bodies import Item
from .callers import Caller
from .evaluating import check_place
from .judging import Judge
from .problems import HttpError
from .questions import is_odd
from .resolving import Several

Asked = tuple[str, str, str, str]
"""The subject, action, resource and organisation of a question."""

By = str | bool | None
"""What was found: the holder that is allowed it; false where none is; nothing where the
question is not plain."""

_NOTHING: Asked = ("", "", "", "")

_FORMS = frozenset({"allowing", "denying"})
"""The forms of tables that say by whom something is allowed."""


class Plain:
    """Decides for one caller, by one version.

    Args:
        judge: knows what the tables say.
        caller: who asks.
        several: says which questions are decided in a context.
    """

    def __init__(self, judge: Judge, caller: Caller, several: Several) -> None:
        self._judge = judge
        self._caller = caller
        self._defaults = several.defaults
        snapshot, mapping = judge.snapshot, judge.questions.mapping
        self._behind, self._day = snapshot.access.behind, judge.ordinal
        # only these can be taken for the kind of their subject without another look
        self._kinds = {kind for kind in snapshot.kinds if ":" not in kind} - {"role"}
        self._linked = snapshot.facts.links["g3"]
        self._denies = snapshot.access.form != "allowing"
        self._powers = mapping.powers.type
        self._usual = mapping.organisation.property
        self._places = {
            name: place.property for name, place in mapping.resources.items()
        }
        self._is_bound = bool(caller.organisations) or snapshot.scope is not None
        self._reached: set[str] = set()  # no more than there are questions
        self._says_all = (
            not several.all_others
            and snapshot.access.form in _FORMS
            and not mapping.attributes
        )

    def decide(self, items: Sequence[Item | HttpError]) -> tuple[list[Asked], list[By]]:
        """Decide questions.

        Returns:
            the parts of each, and what was found.
        """
        if not self._says_all:
            return [_NOTHING] * len(items), [None] * len(items)
        parts = [*map(self._asked, items)]
        return parts, self._found(parts)

    def _asked(self, item: Item | HttpError) -> Asked:
        """The parts of a question; blank where it is not plain."""
        if type(item) is not Item or item.context is not UNSET:
            return _NOTHING
        defaults = self._defaults
        subject = defaults.subject if item.subject is UNSET else item.subject
        action = defaults.action if item.action is UNSET else item.action
        resource = defaults.resource if item.resource is UNSET else item.resource
        if subject is UNSET or action is UNSET or resource is UNSET:
            return _NOTHING
        kind, what = subject.type, resource.type
        named, said = self._places.get(what, self._usual), resource.properties
        if named is None:
            where: object = resource.id
        else:
            where = None if said is UNSET else said.get(named)
        if (
            type(where) is not str
            or kind not in self._kinds
            or is_odd(kind, subject.id)
            or what == self._powers
            or (self._is_bound and not self._reaches(where))
        ):
            return _NOTHING
        return f"{kind}:{subject.id}", action.name, what, where

    def _reaches(self, organisation: str) -> bool:
        """Whether the caller may ask about an organisation, and it is loaded here."""
        if organisation in self._reached:
            return True
        try:
            check_place(self._caller, self._judge, organisation)
        except HttpError:
            return False
        self._reached.add(organisation)
        return True

    def _found(self, parts: Sequence[Asked]) -> list[By]:
        """What the tables say; nothing where more must be asked than them."""
        behind, day = self._behind, self._day
        linked, denies = self._linked, self._denies
        found: list[By] = []
        for asked in parts:
            by: By = None
            if asked is not _NOTHING and asked[0] not in linked:
                subject, action, resource, organisation = asked
                try:
                    by = behind(subject, action, resource, organisation, day)
                except RequestError:
                    by = None  # what is wrong is said by who reads it again
            found.append(None if by is True or (denies and by is False) else by)
        return found
