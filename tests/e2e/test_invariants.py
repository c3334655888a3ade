"""Invariants before a change, and the ways to a right."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]

KEUDA = "1.2.246.562.10.90101000000"
ROOT = "1.2.246.562.10.00000000001"
VASTUU = "person:1.2.246.562.24.90100000001"
HEAD = "person:1.2.246.562.24.90100000002"
AT = ("--at", "2026-11-02")
STATEMENT = "never {holder: person, role: palvelukayttaja}"


def test_ways_to_a_role(oikeus: Run, world: Path) -> None:
    """The shortest first, with the people that they take; none ends with 3."""
    assert world.exists()
    goal = f"ehoks-kayttaja@{KEUDA}"
    ended = oikeus("paths", "--to", goal, "--from", VASTUU, *AT)
    assert (ended.code, ended.err) == (0, "")
    first, *acts = ended.out.splitlines()
    assert first == "1. 2 acts of 2 subjects"
    assert acts[0].startswith(f"   `{VASTUU}` (`vastuukayttaja` at ")
    assert acts[1].startswith("   person A (`ehoks-paakayttaja` at ")
    assert acts[1].endswith("(policies/ehoks.csv:89; R8, C, E)")
    ended = oikeus("paths", "--to", goal, "--most", 1, *AT)
    assert ended.out.endswith("(Keski-Uudenmaan ammattiopisto Keuda) already\n")
    ended = oikeus("paths", "--to", f"opetushallitus@{ROOT}", "--from", VASTUU, *AT)
    nobody = "nobody can come to hold opetushallitus there\n"
    assert (ended.code, ended.out) == (3, nobody)


def test_ways_for_programs(oikeus: Run, world: Path) -> None:
    """Each act by itself."""
    assert world.exists()
    goal = f"palvelukayttaja@{KEUDA}"
    ended = oikeus(
        "paths", "--to", goal, "--from", "vastuukayttaja", *AT, "--format", "json"
    )
    found = json.loads(ended.out)
    assert (found["role"], found["organisation"]) == ("palvelukayttaja", KEUDA)
    (path, *_) = found["paths"]
    assert path["subjects"] == 2
    assert [each["act"] for each in path["acts"]] == ["register", "grant"]
    assert path["acts"][1]["right"] == {
        "role": "palvelukayttaja",
        "organisation": KEUDA,
    }
    assert path["acts"][0]["by"] == VASTUU
    assert path["acts"][0]["to"] == path["holder"] == "system:?1"


def test_goal_that_is_none(oikeus: Run, world: Path) -> None:
    """It is said what was expected."""
    assert world.exists()
    ended = oikeus("paths", "--to", "ehoks-kayttaja")
    assert ended.code == 2
    assert "`ehoks-kayttaja` is no goal, expected ROLE@ORGANISATION" in ended.err
    ended = oikeus("paths", "--to", f"boss@{KEUDA}")
    assert ended.code == 1
    assert "unknown role `boss`" in ended.err


def break_it(checkout: Path) -> None:
    """Let officials hold the service right."""
    rules = checkout / "policies" / "ehoks.csv"
    text = rules.read_text(encoding="utf-8")
    more = "# R10: for officials too\ng3, role:palvelukayttaja, person\n"
    rules.write_text(f"{text}{more}", encoding="utf-8")


def test_change_that_breaks_an_invariant_is_refused(
    oikeus: Run, checkout: Path
) -> None:
    """Unless it is allowed; then it is broken, as before."""
    loaded = oikeus("apply", "policies/", "--yes")
    assert loaded.code == 0
    break_it(checkout)
    ended = oikeus("check", "policies/")
    assert ended.code == 3
    _, _, told = ended.out.partition(f"broken-invariant: {STATEMENT} does not hold:\n")
    first, second, fix, *_ = told.splitlines()
    assert first.startswith("  `person:1.2.246.562.24.90000000001` (`opetushallitus` ")
    assert second.startswith("  person A (`vastuukayttaja` at ")
    assert fix.startswith("  fix: ")
    ended = oikeus("plan", "policies/", "--out", "change.plan")
    refused = "1 invariant would be broken, nothing was changed"
    assert (ended.code, refused in ended.err) == (1, True)
    assert f"broken: {STATEMENT} (R10: " in ended.err
    assert "  2 acts of 2 subjects\n" in ended.err
    assert not (checkout / "change.plan").exists()
    ended = oikeus("plan", "policies/")
    assert f"broken: {STATEMENT} (R10: " in ended.out
    assert ended.out.endswith("; 1 of 41 invariants broken\n")
    ended = oikeus("plan", "policies/", "--format", "json")
    (broken,) = json.loads(ended.out)["invariants"]["broken"]
    assert (broken["statement"], broken["before"]) == (STATEMENT, False)
    assert [each["act"] for each in broken["chain"]["acts"]] == ["grant", "grant"]
    ended = oikeus("apply", "policies/", "--yes")
    assert (ended.code, refused in ended.err) == (1, True)
    ended = oikeus("apply", "policies/", "--yes", "--allow-broken")
    assert ended.code == 0, ended.err
    ended = oikeus("plan", "policies/")
    assert (ended.code, f"broken, as before: {STATEMENT}" in ended.out) == (0, True)
    ended = oikeus("apply", "policies/", "--yes")
    said = "no change: version 2 says what the files say\n"
    assert (ended.code, ended.out) == (0, said)
    assert f"broken: {STATEMENT} (R10: " in ended.err
    assert ended.err.endswith("1 of 41 invariants broken\n")


def test_model_of_which_nothing_can_be_claimed(oikeus: Run, checkout: Path) -> None:
    """It is refused too: silence would be a claim."""
    model = checkout / "model.conf"
    text = model.read_text(encoding="utf-8")
    before, name, rest = text.partition("\nm2 = ")
    rest = rest.replace("r2.sub != r2.to", "!g3(r2.to, p2.status)", 1)
    model.write_text(f"{before}{name}{rest}", encoding="utf-8")
    ended = oikeus("apply", "policies/", "--yes")
    assert ended.code == 1
    assert "the invariants cannot be judged, nothing was changed" in ended.err
    assert "what delegation can reach cannot be told" in ended.err


def test_what_is_in_force_cannot_be_judged(oikeus: Run, checkout: Path) -> None:
    """Then whatever is broken after a change counts as broken by it."""
    model = checkout / "model.conf"
    text = model.read_text(encoding="utf-8")
    before, name, rest = text.partition("\nm2 = ")
    odd = rest.replace("r2.sub != r2.to", "!g3(r2.to, p2.status)", 1)
    model.write_text(f"{before}{name}{odd}", encoding="utf-8")
    assert oikeus("apply", "policies/", "--yes", "--allow-broken").code == 0
    model.write_text(text, encoding="utf-8")
    break_it(checkout)
    ended = oikeus("apply", "policies/", "--yes")
    assert (ended.code, "1 invariant would be broken" in ended.err) == (1, True)


def take_away(checkout: Path) -> None:
    """Delete the statement in the change that breaks it."""
    break_it(checkout)
    path = checkout / "policies" / "invariants.yaml"
    text = path.read_text(encoding="utf-8")
    why = "the service right can never be granted to an official"
    said = f"  - rule: [R10]\n    why: {why}\n    {STATEMENT.replace(' {', ': {')}\n"
    assert said in text
    path.write_text(text.replace(said, ""), encoding="utf-8")


def test_statement_taken_away_by_what_breaks_it_is_broken(
    oikeus: Run, checkout: Path
) -> None:
    """It is told with its rule, refused, and let through as others are."""
    assert oikeus("apply", "policies/", "--yes").code == 0
    take_away(checkout)
    assert oikeus("check", "policies/").code == 0
    ended = oikeus("plan", "policies/")
    assert f"- {STATEMENT} (R10: the service right " in ended.out
    assert "official): taken away, it would be broken\n" in ended.out
    assert f"broken, and taken away: {STATEMENT} (R10: " in ended.out
    assert "~ the invariants\n" in ended.out
    assert ended.out.endswith("; 1 invariant taken away, 1 of 41 invariants broken\n")
    found = json.loads(oikeus("plan", "policies/", "--format", "json").out)
    (gone,), (broken,) = found["invariants"]["gone"], found["invariants"]["broken"]
    assert (gone["statement"], gone["rules"], gone["broken"]) == (
        STATEMENT,
        ["R10"],
        True,
    )
    assert (broken["gone"], broken["before"]) == (True, False)
    assert found["changes"]["lines"]["invariants"] is True
    for words in (("plan", "--out", "a.plan"), ("apply", "--yes")):
        ended = oikeus(words[0], "policies/", *words[1:])
        assert ended.code == 1
        assert "1 invariant would be broken, nothing was changed" in ended.err
    markdown = oikeus("diff", "head", "policies/", "--format", "markdown").out
    assert "**Invariants: 1 invariant taken away, 1 of 41 invariants broken.**" in (
        markdown
    )
    page = oikeus("diff", "head", "policies/", "--format", "html").out
    assert "Taken away</h3>" in page
    assert "<strong>It would be broken.</strong>" in page


def test_statement_that_goes_with_its_role_is_told(oikeus: Run, checkout: Path) -> None:
    """It would hold, whatever the role may do that came in its place."""
    assert oikeus("apply", "policies/", "--yes").code == 0
    for path in (checkout / "policies").rglob("*.*"):
        text = path.read_text(encoding="utf-8")
        renamed = text.replace("palvelukayttaja", "palvelija")
        path.write_text(renamed, encoding="utf-8")
    ended = oikeus("plan", "policies/")
    lost = "since `palvelukayttaja` is no role any more\n"
    assert f"official): taken away, it would hold, {lost}" in ended.out
    found = json.loads(oikeus("plan", "policies/", "--format", "json").out)
    lost_roles = [each["lost_roles"] for each in found["invariants"]["gone"]]
    assert ["palvelukayttaja"] in lost_roles
    page = oikeus("diff", "head", "policies/", "--format", "html").out
    assert (
        "<strong>It would hold: no role any more is palvelukayttaja.</strong>" in page
    )


def test_plan_file_carries_the_invariants(oikeus: Run, checkout: Path) -> None:
    """Whoever signs it reads what it takes away; whoever applies it lets it through."""
    assert oikeus("apply", "policies/", "--yes").code == 0
    take_away(checkout)
    out = ("--out", "change.plan", "--allow-broken")
    late = oikeus("plan", "policies/", "--out", "change.plan", "--at", "2099-01-01")
    assert (late.code, "1 invariant would be broken" in late.err) == (1, True)
    assert oikeus("plan", "policies/", *out).code == 3
    ended = oikeus("plan", "change.plan")
    assert f"broken, and taken away: {STATEMENT} (R10: " in ended.out
    found = json.loads(oikeus("plan", "change.plan", "--format", "json").out)
    assert found["invariants"]["gone"][0]["statement"] == STATEMENT
    ended = oikeus("apply", "change.plan", "--yes")
    assert (ended.code, "1 invariant would be broken" in ended.err) == (1, True)
    assert oikeus("apply", "change.plan", "--yes", "--allow-broken").code == 0
    ended = oikeus("show", "version", "head")
    assert ended.code == 0, ended.err
    assert f"~ the invariants\n  - {STATEMENT} (R10: the service" in ended.out
    assert STATEMENT not in oikeus("show", "invariants").out
    before = json.loads(
        oikeus("show", "invariants", "--as-of", 1, "--format", "json").out
    )
    why = "the service right can never be granted to an official"
    assert before[0] == {"statement": STATEMENT, "rules": "R10", "because": why}
    assert len(before) == len(oikeus("show", "invariants").out.splitlines()) + 1
    ended = oikeus("rollback", 1, "--yes")
    assert ended.code == 0, ended.err
    assert f"+ {STATEMENT} (R10: " in ended.err
    assert oikeus("plan", "policies/").code == 3


def test_roll_back_that_breaks_an_invariant_is_refused(
    oikeus: Run, checkout: Path
) -> None:
    """Also where the version that it goes back to did not say it."""
    take_away(checkout)
    assert oikeus("apply", "policies/", "--yes").code == 0
    rules = checkout / "policies" / "ehoks.csv"
    text = rules.read_text(encoding="utf-8")
    rules.write_text(text.replace("g3, role:palvelukayttaja, person\n", ""))
    more = f"  - {{rule: [R10], why: so, {STATEMENT.replace(' {', ': {')}}}\n"
    with (checkout / "policies" / "invariants.yaml").open("a") as file:
        file.write(more)
    assert oikeus("apply", "policies/", "--yes").code == 0
    ended = oikeus("rollback", 1, "--yes")
    assert (ended.code, "1 invariant would be broken" in ended.err) == (1, True)
    # on a day on which nobody holds anything any more, nothing could be broken
    ended = oikeus("rollback", 1, "--yes", "--at", "2099-01-01")
    assert (ended.code, "1 invariant would be broken" in ended.err) == (1, True)
    assert oikeus("rollback", 1, "--yes", "--allow-broken").code == 0


def test_export_holds_the_invariants(oikeus: Run, checkout: Path) -> None:
    """As they were written."""
    assert oikeus("apply", "policies/", "--yes").code == 0
    assert oikeus("export", "out").code == 0
    written = (checkout / "out" / "invariants.yaml").read_bytes()
    assert written == (checkout / "policies" / "invariants.yaml").read_bytes()
