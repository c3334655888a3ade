"""Suppressions: a comment allows a finding on the next line, and says why."""

import pytest

from oikeus import LintFinding, Severity
from oikeus.analysis.linting.suppressing import Suppression, suppressions

from .right_policy import FILES, MODEL, edited, ids, lint

ALLOW = "# oikeus: allow no-reason: the file says it\n"
RULE = "p, role:clerk, file, move, allow\n"


def test_suppressed_finding_is_kept_with_its_reason() -> None:
    """So that it can be listed."""
    linted = lint({"more.csv": ALLOW + RULE})
    assert linted.findings == ()
    (gone,) = linted.suppressed
    assert (gone.finding.check, gone.finding.line) == ("no-reason", 2)
    assert gone.why == "the file says it"


def test_suppression_counts_for_the_next_line_alone() -> None:
    """The reason above a run of lines goes on over it."""
    linted = lint({"more.csv": f"{ALLOW}{RULE}p, role:head, file, read, allow\n"})
    assert [(one.check, one.line) for one in linted.findings] == [("no-reason", 3)]
    more = (
        "# R2: works\n" + RULE + "# oikeus: allow redundant-rule: wider\n"
        "p, role:head, file, read, allow\n"
    )
    assert ids(lint({"more.csv": more})) == {"bad-suppression"}


def test_suppression_is_no_reason() -> None:
    """It does not stand in for one."""
    linted = lint({"more.csv": f"# oikeus: allow power-cycle: R1: no\n{RULE}"})
    assert ids(linted) == {"no-reason", "bad-suppression"}


def test_catalogue_and_model_can_allow_too() -> None:
    """Of a definition of the model, all lines count."""
    words = FILES["words.yaml"].replace(
        "      move:",
        "      # oikeus: allow action-nobody-has: from next year\n"
        "      burn: {fi: p, sv: b, en: b}\n      move:",
    )
    model = edited(MODEL, "r.obj == p.obj", "keyMatch2(r.obj, p.obj)")
    model = edited(
        model, "\nm = ", "\n# oikeus: allow matcher-not-indexed: patterns\nm = "
    )
    linted = lint({"words.yaml": words}, model=model)
    assert linted.findings == ()
    assert [one.why for one in linted.suppressed] == ["from next year", "patterns"] or [
        one.why for one in linted.suppressed
    ] == ["patterns", "from next year"]


def test_finding_of_another_source_can_be_allowed() -> None:
    """Whatever it is called, it stands in a file of the policy."""
    also = LintFinding("other", Severity.ERROR, "policies/more.csv", 3, "no", "")
    allow = "# R2: moves\n# oikeus: allow other: it is right\n"
    assert lint({"more.csv": allow + RULE}, also=(also,)).findings == ()
    assert lint(
        {"more.csv": f"# R2: moves\n\n# R2: so\n{RULE}"}, also=(also,)
    ).findings == (also,)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("# oikeus: allow a: b", 0, 0),
        ("# oikeus: allow a: b\n", 0, 0),
        ("# oikeus: allow a: b\n\np", 0, 0),
        ("# oikeus: allow a: b\n# more\np\nq", 3, 3),
        ("## oikeus: allow a: b\nm = a \\\n  && b \\\n  && c\nn", 2, 4),
        ("# oikeus: allow a: b\nm = a \\", 2, 2),
    ],
)
def test_suppression_knows_its_lines(text: str, first: int, last: int) -> None:
    """A blank line or the end parts it from what follows."""
    (one,) = suppressions([("a.csv", text)])
    assert (one.line, one.first, one.last) == (1, first, last)
    assert (one.check, one.why) == ("a", "b")


@pytest.mark.parametrize(
    ("said", "check", "why"),
    [
        ("allow a:b", "a", "b"),
        ("allow  a :  b ", "a", "b"),
        ("allow a:", "a", ""),
        ("allow a", "a", ""),
        ("allow A: b", "", ""),
        ("allow", "", ""),
        ("", "", ""),
    ],
)
def test_suppression_is_read(said: str, check: str, why: str) -> None:
    """Or not, and then it is a finding."""
    one = Suppression("a.csv", 1, said, 2, 2)
    assert (one.check, one.why) == (check, why)


@pytest.mark.parametrize(
    ("threshold", "reached"),
    [("error", ["error"]), ("warning", ["error", "warning"]), ("advice", None)],
)
def test_severities_are_ordered(threshold: str, reached: list[str] | None) -> None:
    """The gravest first."""
    found = [each.value for each in Severity if each.reaches(Severity(threshold))]
    assert found == (reached or [each.value for each in Severity])


def test_no_comment_allows_a_broken_invariant() -> None:
    """Nor is that passed over in silence: it is said what to do instead."""
    said = "cannot: {role: head, reach: clerk}"
    statement = f"  - {{rule: [R1], why: so, {said}}}\n"
    comment = "  # oikeus: allow broken-invariant: for now\n"
    linted = lint({"invariants.yaml": f"invariants:\n{comment}{statement}"})
    assert linted.suppressed == ()
    bad, broken = linted.findings
    assert (bad.check, bad.line) == ("bad-suppression", 2)
    assert bad.reason == "`broken-invariant` is an error, which no comment suppresses"
    assert bad.fix.startswith("take the comment away, and mend what it is about")
    assert (broken.check, broken.line) == ("broken-invariant", 3)
    assert len(broken.steps) == 1
    assert broken.whole == f"{broken.reason}: {broken.steps[0]}"
    assert bad.whole == bad.reason
