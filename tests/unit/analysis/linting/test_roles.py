"""Checks of roles: who can get them, what they give, and who holds them together."""

from .right_policy import FILES, REGISTER, edited, found, ids, lint

GUEST = """\
# R4: looks around
g3, role:guest, person
g4, level:school, role:guest
"""
WORDS = edited(
    FILES["words.yaml"],
    "roles:\n",
    """\
roles:
  guest:
    label: {fi: vieras, sv: gäst, en: guest}
    validity: {default: P1Y, longest: P1Y}
""",
)
CONFLICTS = """\
conflicts:
  - below: school
    groups:
      - [head]
      - [clerk, robot]
"""
SPAN = "2026-01-01..2099-12-31"


def conflicts(first: str = "", in_force: str = "") -> list[str]:
    """The conflicts between first grants and grants in force."""
    files = {"words.yaml": FILES["words.yaml"] + CONFLICTS}
    if first:
        files["more.csv"] = f"# B: first ones\n{first}"
    return found("conflicting-roles", files, register=REGISTER + in_force)


def test_role_that_only_an_unreachable_one_gives_is_unreachable() -> None:
    """Without the first grant, nobody begins."""
    reasons = found("unreachable-role", {"first.csv": ""})
    assert reasons == [
        (
            "policies/rules.csv:2: nobody can ever get `chief`: no power, first grant "
            "or import gives it"
        ),
        (
            "policies/rules.csv:5: nobody can ever get `head`: only `chief` gives it, "
            "which nobody can get"
        ),
        (
            "policies/rules.csv:8: nobody can ever get `clerk`: only `head` gives it, "
            "which nobody can get"
        ),
        (
            "policies/rules.csv:12: nobody can ever get `robot`: only `head` gives it, "
            "which nobody can get"
        ),
    ]


def test_role_of_two_kinds_is_told_of_once() -> None:
    """At its first line."""
    more = GUEST + "g3, role:guest, system\np, role:guest, file, read, allow\n"
    files = {"more.csv": more, "words.yaml": WORDS}
    assert len(found("unreachable-role", files)) == 1


def test_import_gives_a_role() -> None:
    """What a right of a national service means, people get."""
    imports = (
        "imports:\n  service: S\n  types: {VIRKAILIJA: person}\n"
        "  rights:\n    person: {READ: clerk}\n"
    )
    files = {"first.csv": "", "words.yaml": FILES["words.yaml"] + imports}
    found_at = [each.partition(": ")[0] for each in found("unreachable-role", files)]
    assert "policies/rules.csv:8" not in found_at
    assert "policies/rules.csv:5" in found_at


def test_credential_is_registered_and_any_other_role_is_not() -> None:
    """Without the word, the role is one like any other."""
    words = edited(FILES["words.yaml"], "credential: tunnus\n", "")
    (reason,) = found("unreachable-role", {"words.yaml": words})
    assert reason.startswith("policies/rules.csv:14: nobody can ever get `tunnus`")


def test_role_that_gives_itself_is_a_cycle() -> None:
    """Of one step."""
    more = "# R1: heads find heads\np2, role:head, role:head, *, active\n"
    assert found("power-cycle", {"more.csv": more}) == [
        (
            "policies/more.csv:2: `head` gives `head`: those who hold it can make "
            "others their equals without end"
        )
    ]


def test_roles_of_a_cycle_are_told_of_once() -> None:
    """Though other powers lead round another way."""
    more = GUEST + (
        "p, role:guest, file, read, allow\n"
        "p2, role:clerk, role:guest, mode:paper, active\n"
        "p2, role:guest, role:head, mode:paper, active\n"
        "p2, role:clerk, role:head, mode:paper, active\n"
    )
    files = {"more.csv": more, "words.yaml": WORDS}
    (reason,) = found("power-cycle", files)
    cycle = "`clerk` gives `guest`, which gives `head`, which gives `clerk`"
    assert reason.startswith(f"policies/more.csv:5: {cycle}: ")


def test_powers_that_lead_on_are_no_cycle() -> None:
    """They end somewhere."""
    more = GUEST + (
        "p, role:guest, file, read, allow\n"
        "p2, role:clerk, role:guest, mode:paper, active\n"
        "p2, role:head, role:guest, mode:paper, active\n"
    )
    files = {"more.csv": more, "words.yaml": WORDS}
    assert lint(files).findings == ()


def test_role_that_denies_or_gives_means_something() -> None:
    """A power over it is no power over nothing."""
    power = "p2, role:head, role:guest, mode:paper, active\n"
    for means in (
        "p, role:guest, file, read, deny\n",
        "p2, role:guest, role:clerk, mode:paper, active\n",
    ):
        files = {"more.csv": GUEST + power + means, "words.yaml": WORDS}
        assert "power-over-nothing" not in ids(lint(files))
    assert "power-over-nothing" in ids(
        lint({"more.csv": GUEST + power, "words.yaml": WORDS})
    )


def test_role_whose_rule_never_allows_permits_nothing() -> None:
    """The model is asked whether a rule allows anything."""
    more = GUEST + (
        "p2, role:head, role:guest, mode:paper, active\n"
        "p, role:guest, file, read, allow\n"
        "p, role:clerk, file, move, allow\n"
    )
    assert lint({"more.csv": more, "words.yaml": WORDS}).findings == ()


def test_first_grant_that_conflicts_with_one_in_force_is_told_of_alone() -> None:
    """There is a line to mend; that in force has none."""
    first = f"g, person:anna, role:head, 1.1@{SPAN}\n"
    in_force = f"g, person:anna, role:clerk, 1.1@{SPAN}\n"
    assert conflicts(first, in_force) == [
        (
            "policies/more.csv:2: `person:anna` also holds `clerk`, which conflicts "
            "with this role"
        )
    ]


def test_grants_that_do_not_conflict_are_passed_over() -> None:
    """Of one group, at other organisations, on other days, or ended."""
    assert (
        conflicts(
            in_force="".join(
                f"g, person:{name}, role:{role}, {place}@{span}\n"
                for name, role, place, span in (
                    ("a", "head", "1.1", SPAN),
                    ("b", "head", "1.1", SPAN),
                    ("b", "head", "1.1.9", SPAN),
                    ("c", "head", "1.1", "2026-01-01..2026-05-01"),
                    ("c", "clerk", "1.1", "2026-01-01..2026-05-01"),
                    ("d", "head", "1.1", "2026-01-01..2026-07-01"),
                    ("d", "clerk", "1.1", "2026-07-02..2026-09-01"),
                )
            )
        )
        == []
    )


def test_many_who_conflict_are_counted() -> None:
    """The first five are named."""
    in_force = "".join(
        f"g, person:{name}, role:{role}, 1.1@{SPAN}\n"
        for name in "abcdefg"
        for role in ("head", "clerk")
    )
    (reason,) = conflicts(in_force=in_force)
    assert reason.startswith("policies/words.yaml:47: `person:a`, ")
    assert reason.endswith(
        "`person:e` and 2 more hold roles together that conflict here"
    )


def test_without_a_register_what_it_decides_is_not_asked() -> None:
    """Nor does a suppression of it count for one of nothing."""
    allow = "# oikeus: allow waits-for-register: opens next year\n"
    places = edited(FILES["places.csv"], "g2, 1.1", f"{allow}g2, 1.1")
    assert lint({"places.csv": places}, register="").findings == ()
    assert ids(lint({"places.csv": places})) == {"bad-suppression"}
