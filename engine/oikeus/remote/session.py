"""What all questions and acts at one service share: the token, and how new it must be.

INVARIANT: who acted sees it. Whatever is asked after an act is answered by the version
that the act made, or by a later one, whichever node of the service answers.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, TypeVar, final
from urllib.parse import urlencode

from ..attributes import Attributes
from ..errors import ServiceError
from .exchange import Call, Transport
from .questions import Conditions
from .reading import Fields, read_object
from .secret import Secret
from .statuses import success

Body = Mapping[str, Any]
Item = TypeVar("Item")

_NOTHING: Body = MappingProxyType({})


@final
class Session:
    """One caller at one service; safe to use from many threads.

    Args:
        transport: sends what is asked.
        secret: says who asks.

    Attributes:
        version: of the policy that made the last answer; 0 before the first.
    """

    def __init__(self, transport: Transport, secret: Secret) -> None:
        self._transport = transport
        self._secret = secret
        self._lock = threading.Lock()
        self._at_least = 0
        self.version = 0

    @property
    def at_least(self) -> int:
        """The version that answers must have seen: that of the last act, or 0."""
        return self._at_least

    def wait_for(self, version: int) -> None:
        """Have all answers from now on know this version."""
        with self._lock:
            self._at_least = max(self._at_least, version)

    def conditions(
        self, day: date | None = None, attributes: Attributes = ()
    ) -> Conditions:
        """How questions are to be decided now.

        Args:
            day: to decide for; the service's today where there is none.
            attributes: to be decided with.
        """
        return Conditions(day, self._at_least, attributes)

    def ask(self, path: str, body: Body) -> Fields:
        """Ask what changes nothing.

        Raises:
            RequestError: it cannot be asked.
            ServiceError: the service gave no answer, or none that can be used.
        """
        return self._read(self._send(Call("POST", path, _json(body))))

    def saw(self, version: int) -> int:
        """Keep the version of an answer, and give it back."""
        self.version = version
        return version

    def look(self, path: str, query: Body = _NOTHING) -> Fields:
        """Look at what there is.

        Args:
            path: of what is looked at.
            query: what of it; what is nothing is left out.

        Raises:
            RequestError: it cannot be asked.
            ServiceError: the service gave no answer, or none that can be used.
        """
        asked = urlencode(_said(query), doseq=True)
        call = Call("GET", f"{path}?{asked}" if asked else path)
        return self._read(self._send(call))

    def act(self, path: str, body: Body, read: Callable[[Fields], Item]) -> Item:
        """Have something done; it is sent once.

        Args:
            path: of the act.
            body: what of it; what is nothing is left out.
            read: reads what was done.

        Raises:
            RefusedError: the policy does not allow it; nothing was done.
            RequestError: it cannot be asked.
            ServiceError: the service did not do it; `is_unsure` where it may have.
        """
        answered = self._send(Call("POST", path, _json(_said(body)), reads=False))
        try:
            fields = self._read(answered)
            done = read(fields)
            self.wait_for(fields.number("version"))
        except ServiceError as error:
            raise ServiceError(str(error), is_unsure=True) from error
        return done

    def close(self) -> None:
        """Let go of the service."""
        self._transport.close()

    def _send(self, call: Call) -> bytes:
        headers = {"Accept": "application/json, application/problem+json"}
        if call.body is not None:
            headers["Content-Type"] = "application/json"
        received = self._transport.send(call, headers | self._secret.headers())
        return success(received, self._secret, reads=call.reads)

    def _read(self, body: bytes) -> Fields:
        return read_object(body, self._secret)


def _said(body: Body) -> dict[str, Any]:
    """What is there of what may be said; days as they are written."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in body.items()
        if value is not None
    }


def _json(body: Body) -> bytes:
    return json.dumps(body).encode()
