"""Everything that can go wrong, as errors that build their own text.

Deny is an answer and not among these: an error means that no answer was given.
`OikeusError` is the root; a caller that catches it has caught every refusal of the
library, because exceptions of other libraries are wrapped before they leave.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable


class OikeusError(Exception):
    """The root of all errors of this library."""


class RequestError(OikeusError):
    """A request that cannot be decided as it is put, such as one with a blank part."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong in a file.

    Attributes:
        file: the path as it was given.
        line: counted from 1; 0 when the problem is the whole file's.
        text: what is wrong and what was expected, lower case, one line.
        check: the id under which `docs/checks/` tells of it, where it has its own.
    """

    file: str
    line: int
    text: str
    check: str = field(default="", compare=False)

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.text}"


class ModelError(OikeusError):
    """A model.conf that cannot be used, or that failed while it was evaluated.

    Attributes:
        problem: what is wrong in the file, and where; nothing where that is not known.
    """

    def __init__(self, text: str, problem: Problem | None = None) -> None:
        self.problem = problem
        super().__init__(text)

    @classmethod
    def at(cls, file: str, line: int, text: str, check: str = "") -> Self:
        """The error that something is wrong in a file."""
        problem = Problem(file, line, text, check)
        return cls(str(problem), problem)


class ProblemsError(OikeusError):
    """The root of errors that are a list of problems, each of them once.

    Attributes:
        problems: in the order of files and lines.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class PolicyError(ProblemsError):
    """Policy files that cannot be loaded: every problem found, none loaded."""


class PolicySyntaxError(PolicyError):
    """Policy files with text that cannot be read at all, before any meaning."""


class DelegationError(OikeusError):
    """An administrative act that the policy does not allow."""


_SHOWN = 5
"""How many organisations a sentence names before it counts the rest."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a granter may do instead.

    Attributes:
        role: without its prefix.
        levels: of the organisations, without their prefix.
        organisations: the highest; at those below them, too, which have these levels.
    """

    role: str
    levels: tuple[str, ...]
    organisations: tuple[str, ...]

    def __str__(self) -> str:
        shown = ", ".join(self.organisations[:_SHOWN])
        rest = len(self.organisations) - _SHOWN
        more = f" and {rest} more" if rest > 0 else ""
        return f"{self.role} at {', '.join(self.levels)} in {shown}{more}"


class RefusedError(DelegationError):
    """An administrative act that the policy refuses to whoever asked for it.

    Attributes:
        reason: what stood in the way.
        rules: the lines of the policy that refuse it, quoted with their places.
        allowed: what the one who asked may do instead.
        granters: the roles, without prefix, whose holders could do it here.
    """

    def __init__(
        self,
        reason: str,
        *,
        rules: Iterable[str] = (),
        allowed: Iterable[Allowance] = (),
        granters: Iterable[str] = (),
    ) -> None:
        self.reason = reason
        self.rules = tuple(rules)
        self.allowed = tuple(allowed)
        self.granters = tuple(granters)
        parts = [f"refused: {reason}"]
        if self.rules:
            parts.append(f"by {' and '.join(self.rules)}")
        if self.allowed:
            parts.append(f"allowed are {' and '.join(map(str, self.allowed))}")
        if self.granters:
            parts.append(f"could be done by a holder of {' or '.join(self.granters)}")
        super().__init__("; ".join(parts))


class ConflictError(RefusedError):
    """An act that what is there already stands in the way of, whoever asks for it.

    It is told to those only who have the power to act.
    """


class ReviewError(ProblemsError):
    """Decisions of a review that cannot be read.

    Attributes:
        problems: each with the file and the line.
    """


class RefusedReviewError(ProblemsError, DelegationError):
    """Decisions of a review that the policy does not allow, or that came too late.

    Attributes:
        problems: each with the file and the line; nothing was written.
    """


class StoreError(OikeusError):
    """A database that cannot be used as asked."""


class LockedError(StoreError):
    """Another writer is at work; nothing was written."""


class ReadOnlyError(StoreError):
    """A database that can only be read; nothing was written."""


class StaleVersionError(StoreError):
    """The head moved while a change was prepared against an older version."""


class TamperedError(StoreError):
    """The database holds what no recorded version explains."""


class OutdatedError(StoreError):
    """Nothing is decided: what was decided by may have been revoked long ago.

    Attributes:
        version: the number of the last version that was taken in.
        age: for how many seconds it has not been known to be the head.
        max_stale: for how many seconds at most it may decide then.
    """

    def __init__(self, version: int, age: float, max_stale: float) -> None:
        self.version, self.age, self.max_stale = version, age, max_stale
        super().__init__(
            f"version {version} was last seen to be in force {age:.0f} seconds ago, "
            f"expected {max_stale:g} at most: nothing is decided until the database "
            "can be followed again"
        )


class OtherHistoryError(StoreError):
    """A database that does not hold the version that was decided by.

    Attributes:
        known: that version, as `NUMBER:DIGEST`.
        number: of the head of the database.
        digest: of the head of the database.
    """

    def __init__(self, known: str, number: int, digest: str) -> None:
        self.known, self.number, self.digest = known, number, digest
        super().__init__(
            f"the database has another history: its head is version {number} "
            f"(`{digest:.12}`), and {_named(known)} is not in it; where that is meant, "
            "the owner accepts it with `oikeus db accept`"
        )


def _named(mark: str) -> str:
    number, _, digest = mark.partition(":")
    return f"version {number} (`{digest:.12}`)"


class ServiceError(OikeusError):
    """A service that gave no answer, or none that can be used.

    Attributes:
        status: of the answer; nothing where none came.
        retry_after: how many seconds the service wants to be left alone.
        is_unsure: whether an act was sent, and may have been done all the same.
    """

    def __init__(
        self,
        text: str,
        *,
        status: int | None = None,
        retry_after: int | None = None,
        is_unsure: bool = False,
    ) -> None:
        self.status = status
        self.retry_after = retry_after
        self.is_unsure = is_unsure
        parts = [text]
        if retry_after is not None:
            parts.append(f"ask again in {retry_after} s")
        if is_unsure:
            parts.append("the act may have been done: look before doing it again")
        super().__init__("; ".join(parts))


class SignatureError(OikeusError):
    """A key that cannot be used, or a signature that does not fit."""


class UnfitSignatureError(SignatureError):
    """A signature of another key, or over something else."""


class InstallationError(OikeusError):
    """Distributions beside ours that overwrite the files we decide with.

    Attributes:
        names: the distributions.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)
        found = " ".join(self.names)
        super().__init__(
            f"`{found}` is installed beside pycasbin and overwrites its files, or "
            f"brings what does: `pip uninstall {found}`, then install pycasbin anew"
        )


class SettingsError(OikeusError):
    """A service that cannot be started as it was set, or only unsafely."""


class RegisterError(ProblemsError):
    """A document of an outside register that cannot be imported.

    Attributes:
        problems: each with the file and, in its text, the path inside the document.
    """


class RecordError(ProblemsError):
    """A decision record that cannot be read.

    Attributes:
        problems: each with the file and the line.
    """


class ExportError(ProblemsError):
    """A version that cannot be written as files.

    Attributes:
        problems: each with the folder or file, or the row of the database.
    """


class PlanError(OikeusError):
    """A plan that cannot be used, such as a file that was changed after it was made."""
