"""Everything that can go wrong, as errors that build their own text.

Deny is an answer and not among these: an error means that no answer was given.
`OikeusError` is the root; a caller that catches it has caught every refusal of the
library, because exceptions of other libraries are wrapped before they leave.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class OikeusError(Exception):
    """The root of all errors of this library."""


class RequestError(OikeusError):
    """A request that cannot be decided as it is put, such as one with a blank part."""


class ModelError(OikeusError):
    """A model.conf that cannot be used, or that failed while it was evaluated."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong in a file.

    Attributes:
        file: the path as it was given.
        line: counted from 1; 0 when the problem is the whole file's.
        text: what is wrong and what was expected, lower case, one line.
    """

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.text}"


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


class StoreError(OikeusError):
    """A database that cannot be used as asked."""


class StaleVersionError(StoreError):
    """The head moved while a change was prepared against an older version."""


class TamperedError(StoreError):
    """The database holds what no recorded version explains."""


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
