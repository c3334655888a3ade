"""Pseudonyms: ids of subjects as a keyed digest, HMAC-SHA-256, that keeps their kind.

Who has the key can tell whether a pseudonym is that of an id that they know. Who has
not can tell that two records are of one subject, and not whose: ids are few enough to
try them all, so that a digest without a key would hide nothing.

INVARIANT: the key is in no record, no message and no `repr`.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final, Self

from ..errors import Problem, RecordError
from ..ids import is_id
from ..privacy import Others, others_by
from ..terms import Line, Request, kind_of
from .record import DecisionRecord

SHORTEST_KEY: Final = 32
"""How many bytes a key has at least: as many as the digest."""

_HIDDEN = "hmac-"


class Pseudonyms:
    """Makes the pseudonyms of one key.

    Attributes:
        key: which key, in a word that does not tell it.

    Raises:
        ValueError: the key is too short.
    """

    __slots__ = ("_secret", "key")

    def __init__(self, secret: bytes) -> None:
        if len(secret) < SHORTEST_KEY:
            message = f"the key is short, expected {SHORTEST_KEY} bytes or more"
            raise ValueError(message)
        self._secret = secret
        # of no id: an id holds no blank
        told = hmac.digest(secret, b"the name of this key", "sha256").hex()
        self.key = f"hmac-sha-256:{told[:16]}"

    @classmethod
    def from_file(cls, path: str) -> Self:
        """Read the key, one line of text such as `openssl rand -hex 32` writes.

        Raises:
            RecordError: the file cannot be read, everybody on this machine can read it,
                or it holds no such key.
        """
        try:
            with Path(path).open("rb") as file:
                mode = os.fstat(file.fileno()).st_mode
                if others_by(mode) is Others.EVERYBODY:
                    problem = "is open to everybody, expected `chmod o-rwx` on it"
                    raise RecordError([Problem(path, 0, problem)])
                return cls(file.read().rstrip(b"\r\n"))
        except OSError as error:
            problem = f"cannot be read: {error.strerror or 'no such file'}".lower()
            raise RecordError([Problem(path, 0, problem)]) from error
        except ValueError as error:
            raise RecordError([Problem(path, 0, str(error))]) from error

    def of(self, subject: str) -> str:
        """The pseudonym of a subject, which is an id of the same kind."""
        digest = hmac.digest(self._secret, subject.encode(), "sha256").hex()
        return f"{kind_of(subject)}:{_HIDDEN}{digest}"

    def hide(self, record: DecisionRecord) -> DecisionRecord:
        """The record with pseudonyms for ids of subjects, in its lines as well.

        Any id of a person is one, wherever it stands as an id with its kind, and any
        id of the kind of the subject that asked.
        """
        request = record.request
        mine = {kind_of(request.subject), "person"}
        hidden = Request(
            self.of(request.subject),
            request.action,
            self._word(request.resource, mine),
            request.organisation,
            attributes=tuple(
                (name, self._word(value, mine)) for name, value in request.attributes
            ),
        )
        return replace(
            record,
            request=hidden,
            rule=self._line(record.rule, mine),
            grant=self._line(record.grant, mine),
            ids=self.key,
        )

    def _line(self, line: Line | None, kinds: set[str]) -> Line | None:
        if line is None:
            return None
        return Line(line.ptype, tuple(self._word(word, kinds) for word in line.values))

    def _word(self, word: str, kinds: set[str]) -> str:
        return self.of(word) if kind_of(word) in kinds else word


class Unmasking:
    """Finds the subjects that pseudonyms stand for among those that are known."""

    def __init__(self, pseudonyms: Pseudonyms) -> None:
        self._pseudonyms = pseudonyms
        self._known: dict[str, str] = {}
        self._seen: set[str] = set()

    def learn(self, subjects: Iterable[str]) -> None:
        """Take in subjects, once each."""
        for subject in subjects:
            if subject not in self._seen and is_id(subject):
                self._seen.add(subject)
                self._known[self._pseudonyms.of(subject)] = subject

    def request(self, request: Request) -> Request:
        """The question as it was asked.

        A subject that nobody knows keeps its pseudonym: to a policy, one stranger is
        like any other of its kind.
        """
        subject, action, resource, organisation = request
        known = self._known
        return Request(
            known.get(subject, subject),
            action,
            known.get(resource, resource),
            organisation,
            attributes=tuple(
                (name, known.get(value, value)) for name, value in request.attributes
            ),
        )
