"""Rules that no case tests, by the cases that hold."""

from .right_policy import FILES, RIGHT, lint

CASES = (RIGHT / "policies" / "tests" / "cases.yaml").read_text(encoding="utf-8")
NAME = "policies/tests/cases.yaml"
MOVES = "# R2: a clerk moves files\np, role:clerk, file, move, allow\n"
REFUSED = """\
  - rule: [R1]
    why: a head reads no files
    subject: person:head
    cannot:
      - {action: read, resource: file, organisation: school}
"""


def untested(cases: dict[str, str], more: str = "") -> list[str]:
    """The places and reasons of what is found."""
    files = {"more.csv": more} if more else {}
    return [f"{one.place}: {one.reason}" for one in lint(files, cases=cases).findings]


def test_rule_that_decides_no_case_is_found() -> None:
    """And none that decides one."""
    assert untested({NAME: CASES}) == []
    assert untested({NAME: CASES}, MOVES) == [
        "policies/more.csv:2: `p, role:clerk, file, move, allow` decides no case"
    ]


def test_rule_that_denies_decides_what_it_denies() -> None:
    """A refusal without it is decided by nothing."""
    deny = "# R1: reads none\n# oikeus: allow deny-hides-allow: it is meant\n"
    deny += "p, role:head, file, read, deny\n"
    assert untested({NAME: CASES}, deny) == [
        "policies/more.csv:3: `p, role:head, file, read, deny` decides no case"
    ]
    assert untested({NAME: CASES + REFUSED}, deny) == []
    assert untested({NAME: CASES + REFUSED}) == []


def test_rule_that_would_decide_as_another_does_is_tested() -> None:
    """Which of them decides is chance."""
    wide = "# R1: wider\n# oikeus: allow redundant-rule: it is meant\n"
    wide += "p2, role:head, role:clerk, *, active\n"
    more = {"more.csv": wide}
    found = {one.check for one in lint(more, cases={NAME: CASES}).findings}
    assert found == {"redundant-rule", "bad-suppression"}


def test_denying_rule_that_would_decide_as_another_does_is_tested() -> None:
    """It is asked as one that allows."""
    deny = "# R1: reads none\np, role:head, file, read, deny\n"
    world = "role: head, organisation: school, from: 2026-01-01, until: 2026-12-31}\n"
    both = (
        f"{world}    - {{subject: person:head, role: clerk, {world.partition(', ')[2]}"
    )
    cases = CASES.replace(world, both) + REFUSED
    more = f"{deny}p, role:clerk, file, move, deny\n"
    found = untested({NAME: cases}, more)
    assert [each for each in found if "decides no case" in each] == [
        "policies/more.csv:3: `p, role:clerk, file, move, deny` decides no case"
    ]


GIVEN_UP = """\
  - rule: [R2]
    why: a clerk may leave
    subject: person:clerk
    may revoke:
      - {role: clerk, from: person:clerk, organisation: school}
"""


def test_right_that_is_given_up_is_decided_by_no_power() -> None:
    """It can be, whatever the powers are; to take it from others needs one."""
    granting = "      - {role: clerk, to: person:new, organisation: school}\n"
    assert granting in CASES
    head = "policies/rules.csv:25: `p2, role:head, role:clerk, mode:paper, active`"
    without = CASES.replace(granting, "")
    assert untested({NAME: without + GIVEN_UP}) == [f"{head} decides no case"]
    taken = GIVEN_UP.replace("subject: person:clerk", "subject: person:head")
    assert untested({NAME: without + taken}) == []


def test_case_that_fails_tests_nothing() -> None:
    """Whatever decided it."""
    failing = CASES.replace("action: move", "action: read")
    assert untested({NAME: failing}) == [
        "policies/rules.csv:20: `p, role:robot, file, move, allow` decides no case"
    ]


def test_policy_without_cases_is_told_of_once() -> None:
    """At its first rule, where it can be allowed."""
    assert untested({}) == [
        (
            "policies/rules.csv:18: no case tests this policy, and this line as the "
            "first of it"
        )
    ]


def test_policy_without_rules_needs_no_case() -> None:
    """There is nothing to test."""
    lines = FILES["rules.csv"].splitlines(keepends=True)
    rules = "".join(line for line in lines if not line.startswith("p"))
    linted = lint({"rules.csv": rules}, cases={})
    assert "rule-without-test" not in {one.check for one in linted.findings}


def test_cases_that_cannot_be_read_are_told_of() -> None:
    """Where they stand; no rule is told of then."""
    wrong = CASES.replace("action: read", "action: raed")
    assert untested({NAME: wrong, "policies/tests/more.yaml": "x"}, MOVES) == [
        (
            f"{NAME}:20: no case can be asked: unknown action `raed`, expected read "
            "or move (did you mean `read`?)"
        ),
        (
            "policies/tests/more.yaml:1: no case can be asked: the file is `x`, "
            "expected a mapping"
        ),
    ]
