"""Makes requests of words that were checked before: the check is most of their cost.

INVARIANT: a word is known only once `Request` itself has taken it, in the same place.
What was sent with a question may be any text, and is always checked.
"""

from __future__ import annotations

from ..terms import Request

_MOST, _LONGEST = 50_000, 64
"""How many words are remembered in each place, and how long they may be: megabytes,
also where somebody sends words that nobody knows."""

_NEW, _SET = object.__new__, object.__setattr__


class Requests:
    """Makes requests without attributes."""

    def __init__(self) -> None:
        self._subjects: set[str] = set()
        self._actions: set[str] = set()
        self._resources: set[str] = set()
        self._organisations: set[str] = set()

    def of(
        self, subject: str, action: str, resource: str, organisation: str
    ) -> Request:
        """The request of these parts, each a plain `str`.

        Raises:
            RequestError: a part that no request can have.
        """
        if (
            subject in self._subjects
            and organisation in self._organisations
            and action in self._actions
            and resource in self._resources
        ):
            made = _NEW(Request)
            _SET(made, "subject", subject)
            _SET(made, "action", action)
            _SET(made, "resource", resource)
            _SET(made, "organisation", organisation)
            _SET(made, "attributes", ())
            return made
        request = Request(subject, action, resource, organisation)
        for known, word in (
            (self._subjects, subject),
            (self._actions, action),
            (self._resources, resource),
            (self._organisations, organisation),
        ):
            if len(known) < _MOST and len(word) <= _LONGEST:
                known.add(word)
        return request
