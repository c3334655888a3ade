"""Our service among the servers: the command itself, and two handlers without a policy.

- `serve` is `oikeus serve` as it is installed, with a token for its caller.
- `undecided` is the same application, which authenticates, reads and answers the same
  way, and whose decision is a constant: only the deciding is taken out.
- `bare` is the same server with the same limits around an ASGI application that reads
  a body and answers a constant: nothing is authenticated, parsed or decided.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .http_servers import post
from .limit import make_limit
from .questions import Question, ask
from .worlds import ROOT, SIZES, World, make_world

DECISION = '"decision":(true|false)'
ONE, MANY = "/access/v1/evaluation", "/access/v1/evaluations"
HOST = "127.0.0.1"
ANSWER = b'{"decision":true}'
_WORDS = {True: "true", False: "false"}
_COMMAND = [sys.executable, "-c", "from oikeus_cli.main import main; main()"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A world, what is asked in it and the right answers."""

    world: World
    questions: Sequence[Question]
    expected: Sequence[bool]

    @classmethod
    def of(cls, size: str, count: int) -> Asked:
        """Make a world and draw questions."""
        world = make_world(SIZES[size])
        questions = ask(world, count)
        limit = make_limit(world)
        return cls(world, questions, [limit(*question) for question in questions])


def make(folder: Path, size: str) -> str:
    """Make a database of a world; its URL."""
    url = f"sqlite:///{folder}/{size.replace(' ', '-')}.db"
    _run([sys.executable, "-m", f"{__package__}.database", "make", url, size])
    return url


def token(url: str, world: World) -> str:
    """Create a token of somebody, which may evaluate."""
    act = ["--db", url, "token", "create", world.grants[0].subject]
    act += ["--scope", "evaluate"]
    return _run([*_COMMAND, *act]).strip()


def command(kind: str, url: str, port: int) -> list[str]:
    """What runs one of the three."""
    if kind == "serve":
        return [*_COMMAND, "--db", url, "serve", "--port", str(port)]
    return [sys.executable, "-m", f"{__package__}.undecided", kind, url, str(port)]


def singles(
    asked: Sequence[Question], expected: Iterable[bool], bearer: str
) -> list[tuple[str, list[str]]]:
    """Each question as a request of its own, with the right decision."""
    headers = {"Authorization": f"Bearer {bearer}"}
    return [
        (post(ONE, _item(question), headers), [_WORDS[right]])
        for question, right in zip(asked, expected, strict=True)
    ]


def batches(
    asked: Sequence[Question], expected: Sequence[bool], bearer: str, size: int
) -> list[tuple[str, list[str]]]:
    """All questions, so many a request."""
    headers = {"Authorization": f"Bearer {bearer}"}
    parts = [slice(begin, begin + size) for begin in range(0, len(asked), size)]
    return [
        (
            post(MANY, {"evaluations": [*map(_item, asked[part])]}, headers),
            [_WORDS[right] for right in expected[part]],
        )
        for part in parts
    ]


def _item(question: Question) -> dict[str, object]:
    subject, action, resource, organisation = question
    kind, _, name = subject.partition(":")
    return {
        "subject": {"type": kind, "id": name},
        "action": {"name": action},
        "resource": {
            "type": resource,
            "id": "17",
            "properties": {"organisation": organisation},
        },
    }


def _run(command: Sequence[str]) -> str:
    return subprocess.run(  # noqa: S603 # this very program
        command, check=True, cwd=ROOT, stdout=subprocess.PIPE, text=True
    ).stdout
