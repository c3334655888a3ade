"""What an owner sets of the service, and what it bounds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the service answers.

    Attributes:
        public_url: what its callers call it; never taken from a request.
        longest_body: how many bytes a request may have.
        most_evaluations: how many questions one request may hold.
        most_explained: of how many of them it may ask for the whole explanation.
        page: how many results a search gives at once where the caller does not say.
        longest_page: how many it gives at most.
        patience: how many seconds a question waits for the version that it names.
        threads: how many searches and explanations run at once.
        waiting: how many more of them may wait.
        connections: how many there may be at once, of one process.
        receiving: within how many seconds a request must have come, head and body.
        idle: after how many seconds a connection without a request is closed.
        ending: how many seconds those who are being answered have when it stops.
    """

    public_url: str = "http://127.0.0.1:8080"
    longest_body: int = 1_048_576
    most_evaluations: int = 1_000
    most_explained: int = 50
    page: int = 100
    longest_page: int = 1_000
    patience: float = 2.0
    threads: int = 4
    waiting: int = 64
    connections: int = 1_024
    receiving: float = 10.0
    idle: int = 30
    ending: int = 20
