"""Reasons without a rule number, in a policy whose other reasons have one."""

from __future__ import annotations

from collections.abc import Iterator

from ..linting.check import Check
from ..linting.examined import Examined
from ..linting.values import Noted, Severity


def _find(examined: Examined) -> Iterator[Noted]:
    sources = [line.source for line in examined.policies.lines if line.source]
    if not any(source.rules for source in sources):
        return  # a policy that follows no numbered rules
    for line in examined.policies.lines:
        if line.source and line.source.comment and not line.source.rules:
            yield Noted.on(
                line,
                f"the reason of `{line}` cites no rule",
                "begin the comment with its number, as `R8: …`",
            )


CHECK = Check(
    "no-rule-number",
    Severity.WARNING,
    "a reason that cites no rule, where others do",
    _find,
)
