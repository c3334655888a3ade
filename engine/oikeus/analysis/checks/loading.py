"""What loading a policy finds by itself, and is told of like what other checks find."""

from __future__ import annotations

from ...decide.grant_checks import BARRED
from ...decide.model_checks import NEEDS_NONE
from ...policy.expression import RUNS_DATA
from ...policy.grant_faults import WAITS
from ...policy.shape import LABEL_MISSING
from ..linting.check import Check
from ..linting.values import Severity

LOAD_ERROR = Check(
    "load-error",
    Severity.ERROR,
    "what keeps the files from being loaded",
)
LABEL = Check(
    LABEL_MISSING,
    Severity.ERROR,
    "a word without a label in one of the languages",
)
MATCHER = Check(
    RUNS_DATA,
    Severity.ERROR,
    "a matcher that would run what stands in the policy or in a request",
)
GRANT = Check(
    NEEDS_NONE,
    Severity.WARNING,
    "a matcher that can allow without a grant",
)
FIRST_GRANT = Check(
    BARRED,
    Severity.WARNING,
    "a first grant that nobody could give now",
    fix="take the line away, or mend what it names",
)
REGISTER = Check(
    WAITS,
    Severity.ADVICE,
    "a line about an organisation that the register has not brought",
    fix="import the register, or mend the id",
    of_register=True,
)
