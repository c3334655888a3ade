"""What was done to the policy: `log`, `show version` and `blame`."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import oikeus as engine

Run = Callable[..., Any]

USER = "person:1.2.246.562.24.90100000003"
KEUDA = "1.2.246.562.10.90101000000"
PROVIDER = "1.2.246.562.10.90100000000"
SYSTEM = "system:keuda-tiedonsiirto"
TIME = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+0[23]:00"


@pytest.fixture(autouse=True)
def _blocked(world: Path, oikeus: Run) -> None:
    """The example world, with a system blocked as version 4."""
    assert world.exists()
    assert oikeus("block", SYSTEM, "--reason", "key\nleaked").code == 0


def numbers(out: str) -> list[int]:
    """The versions of a log."""
    return [int(line.split("\t")[0]) for line in out.splitlines()]


def test_log_lists_the_newest_first_with_times_of_finland(oikeus: Run) -> None:
    """A version a line, whatever its message holds."""
    ended = oikeus("log")
    assert (ended.code, ended.err) == (0, "")
    assert numbers(ended.out) == [4, 3, 2, 1]
    first = ended.out.splitlines()[0].split("\t")
    assert re.fullmatch(TIME, first[1])
    assert first[2].startswith("os:")
    assert first[3:] == ["", "block", "1", "0", "", "key leaked"]


def test_log_for_programs_has_times_as_they_are_kept(oikeus: Run) -> None:
    """In UTC, with the digests."""
    found = json.loads(oikeus("log", "--format", "json", "--limit", 1).out)
    assert [each["version"] for each in found] == [4]
    assert re.fullmatch(r"[-\d]{10}T[:.\d]{15}Z", found[0]["time"])
    assert found[0]["message"] == "key\nleaked"
    assert {len(found[0][name]) for name in ("digest", "previous")} == {64}


def test_log_says_how_many_more_there_are(oikeus: Run) -> None:
    """To the reader, not in the result."""
    ended = oikeus("log", "--limit", 3)
    assert numbers(ended.out) == [4, 3, 2]
    assert ended.err == "1 more before these: --limit shows them\n"


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--origin", "grants"], [3]),
        (["--subject", USER], [3]),
        (["--subject", SYSTEM], [4, 3]),
        (["--role", "vastuukayttaja"], [3, 1]),
        (["--role", "role:vastuukayttaja"], [3, 1]),
        (["--organisation", KEUDA], [3, 2]),
        (["--organisation", PROVIDER, "--below", "--origin", "grants"], [3]),
        (["--since", "2026-01-01"], [4, 3, 2, 1]),
        (["--until", "2026-01-01"], []),
        (["--actor", "os:nobody-here"], []),
        (["--granter", USER], []),
        (["--text", "invariants"], [1]),
        (["--text", "model", "--since", "2026-01-01"], [1]),
        (["--text", "catalogue", "--role", "unknown"], []),
    ],
)
def test_log_is_filtered(oikeus: Run, options: list[str], expected: list[int]) -> None:
    """By what versions are and by what they changed."""
    ended = oikeus("log", *options)
    assert (ended.code, numbers(ended.out)) == (0, expected)
    assert ended.err == ("" if expected else "none\n")


def test_texts_are_asked_of_a_database(oikeus: Run) -> None:
    """A service does not tell which versions brought them."""
    ended = oikeus("--server", "https://localhost", "log", "--text", "model")
    assert (ended.code, ended.out) == (2, "")
    assert "expected no --server" in ended.err


def test_below_needs_an_organisation(oikeus: Run) -> None:
    """Below what, it could not tell."""
    ended = oikeus("log", "--below")
    assert (ended.code, ended.out) == (2, "")
    assert "expected --organisation ID" in ended.err


def test_version_is_shown_whole(oikeus: Run) -> None:
    """Its fields, then what it did to lines."""
    ended = oikeus("show", "version", "head")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == oikeus("show", "version", 4).out
    assert re.search(rf"^  time      {TIME}$", ended.out, re.MULTILINE)
    assert re.search(r"^  digest    [0-9a-f]{64}$", ended.out, re.MULTILINE)
    assert "granter" not in ended.out
    assert ended.out.splitlines()[-1] == f"+ g3, {SYSTEM}, blocked"


def test_version_is_shown_with_sources_names_definitions_and_catalogue(
    oikeus: Run,
) -> None:
    """Whatever it changed besides lines."""
    first = oikeus("show", "version", 1).out
    assert "+ p, role:ehoks-kayttaja, hoks, read, allow (policies/ehoks.csv:61; R3" in (
        first
    )
    texts = "the model changed, the catalogue changed, the invariants changed"
    assert f"\n  changes   56 lines added, 0 removed, {texts}\n" in first
    assert "\n+ [matchers] m\n  + r.sub != p.sub" in first
    _, rest = first.split("\n~ the catalogue\n~ the invariants\n")
    assert rest.startswith("  + never {holder: person, role: palvelukayttaja} (R10: ")
    assert len(rest.splitlines()) == 41
    second = oikeus("show", "version", 2).out
    assert "\n+ name of 1.2.246.562.10.90901010000: fi Tredu, Hervanta\n" in second
    assert "\n  changes   90 lines added, 0 removed\n" in second


def test_comments_of_the_model_alone_are_a_change_too(
    oikeus: Run, checkout: Path
) -> None:
    """Nothing that a version did is left out."""
    with (checkout / "model.conf").open("a", encoding="utf-8") as model:
        model.write("# more\n")
    path = checkout / "examples" / "organisations.json"
    text = path.read_text(encoding="utf-8").replace("Kiipulasäätiö sr", "Kiipula")
    path.write_text(text, encoding="utf-8")
    assert oikeus("apply", "policies", "--yes").code == 0
    assert oikeus("import", "organisations", path).code == 0
    fifth = oikeus("show", "version", 5).out
    assert fifth.endswith("\n~ the model, in no definition that can be read\n")
    sixth = oikeus("show", "version", 6).out.splitlines()
    (renamed,) = [line for line in sixth if line.startswith("~ name of")]
    assert ": fi Kiipulasäätiö sr" in renamed
    assert " -> fi Kiipula" in renamed


def test_version_for_programs_has_all_that_is_known(oikeus: Run) -> None:
    """One object."""
    found = json.loads(oikeus("--format", "json", "show", "version", 4).out)
    assert (found["version"], found["origin"]) == (4, "block")
    assert found["changes"] == [
        {
            "op": "+",
            "kind": "g3",
            "values": [SYSTEM, "blocked"],
            "line": {"text": f"g3, {SYSTEM}, blocked"},
        }
    ]
    assert (found["names"], found["definitions"]) == ([], [])
    assert found["model_changed"] is found["catalogue_changed"] is False
    second = json.loads(oikeus("--format", "json", "show", "version", 2).out)
    assert len(second["changes"]) == second["added"]
    assert {each["before"] for each in second["names"]} == {None}


@pytest.mark.parametrize("number", ["99", "0", "9" * 10])
def test_unknown_version_is_an_error(oikeus: Run, number: str) -> None:
    """It is not answered by another one."""
    ended = oikeus("show", "version", number)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith("error: there is no version")


@pytest.mark.parametrize("word", ["first", "-1", "1.0", "٣", "9" * 11])
def test_what_is_no_version_is_wrong_usage(oikeus: Run, word: str) -> None:
    """A number or `head`."""
    ended = oikeus("show", "version", "--", word)
    assert (ended.code, ended.out) == (2, "")
    assert "is no version, expected a number or head" in ended.err


def test_blame_names_the_version_of_each_line(oikeus: Run) -> None:
    """With who brought it, and where and why it is written."""
    ended = oikeus("blame", "--subject", SYSTEM)
    assert (ended.code, ended.err) == (0, "")
    rows = [line.split("\t") for line in ended.out.splitlines()]
    assert [row[1] for row in rows] == ["3"] * (len(rows) - 1) + ["4"]
    assert rows[-1][0] == f"g3, {SYSTEM}, blocked"
    assert re.fullmatch(TIME, rows[-1][2])
    assert rows[-1][4:] == ["", "block", "key leaked", ""]
    (rule,) = [
        line.split("\t")
        for line in oikeus("blame", "--rules", "--role", "ehoks-kayttaja").out.split(
            "\n"
        )
        if line.startswith("p, role:ehoks-kayttaja, hoks, read")
    ]
    assert rule[-1] == "policies/ehoks.csv:61"
    assert rule[-2].startswith("R3, R9: ")


def test_blame_is_filtered_by_kind(oikeus: Run) -> None:
    """`--rules` and `--grants` are kinds in words; several kinds add up."""

    def kinds(*options: str) -> set[str]:
        found = json.loads(oikeus("blame", "--format", "json", *options).out)
        return {each["kind"] for each in found}

    assert kinds("--rules") == {"p", "p2"}
    assert kinds("--grants") == {"g"}
    assert kinds("--kind", "g4", "--kind", "g3", "--grants") == {"g", "g3", "g4"}
    assert kinds() == {"p", "p2", "g", "g2", "g3", "g4"}
    assert kinds("--organisation", PROVIDER, "--below") == {"g", "g2", "g4"}


def test_blame_without_a_line_says_so(oikeus: Run) -> None:
    """In words for people, as an empty list for programs."""
    words = ("blame", "--subject", USER, "--rules")
    ended = oikeus(*words)
    assert (ended.code, ended.out, ended.err) == (0, "", "none\n")
    assert json.loads(oikeus(*words, "--format", "json").out) == []


UNKNOWN = {
    "subject": (
        ("--subject", "person:nobody"),
        "no version is about `person:nobody`, expected a subject such as person:ID",
    ),
    "misspelt role": (
        ("--role", "ehoks-kaytaja"),
        (
            "no version is about the role `ehoks-kaytaja`, expected one of "
            "`oikeus show roles` (did you mean `ehoks-kayttaja`?)"
        ),
    ),
    "role like none": (
        ("--role", "role:x"),
        "no version is about the role `x`, expected one of `oikeus show roles`",
    ),
    "two": (
        ("--subject", "person:nobody", "--organisation", "1.9", "--below"),
        (
            "no version is about `person:nobody`, expected a subject such as "
            "person:ID; no version is about organisation `1.9`, expected one of "
            "`oikeus show organisations`"
        ),
    ),
    "one of two": (
        ("--role", "vastuukayttaja", "--organisation", "1.9"),
        (
            "no version is about organisation `1.9`, expected one of "
            "`oikeus show organisations`"
        ),
    ),
}


@pytest.mark.parametrize(("options", "text"), UNKNOWN.values(), ids=UNKNOWN)
@pytest.mark.parametrize("command", ["log", "blame"])
def test_a_name_that_no_version_knows_is_an_error(
    oikeus: Run, command: str, options: tuple[str, ...], text: str
) -> None:
    """An empty list would be taken for the truth about somebody else."""
    for form in ("text", "json"):
        ended = oikeus(command, *options, "--format", form)
        assert (ended.code, ended.out, ended.err) == (1, "", f"error: {text}\n")


def test_an_origin_that_no_version_has_is_an_error(oikeus: Run) -> None:
    """It is not one of somebody who has done nothing."""
    ended = oikeus("log", "--origin", "polcy")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == (
        "error: no version is of the origin `polcy`, expected one of `oikeus log`\n"
    )


def test_line_that_came_past_the_log_has_no_version(
    oikeus: Run, world: Path, insert: Callable[..., None]
) -> None:
    """Whoever reads it sees that nothing explains it."""
    insert(world, "g", "person:x", "role:tallentaja", f"{KEUDA}@2026-01-01..2026-12-31")
    ended = oikeus("blame", "--subject", "person:x")
    assert ended.out.split("\t")[1:] == ["no version", "", "", "", "", "", "\n"]
    (found,) = json.loads(oikeus("blame", "--subject", "person:x", "--format=json").out)
    assert (found["version"], found["time"], found["actor"]) == (None, None, None)


def test_reader_who_has_seen_enough_ends_it_quietly(
    program: list[str], world: Path, tmp_path: Path
) -> None:
    """A pipe that was closed is no fault of the database."""
    import subprocess  # noqa: PLC0415

    assert world.exists()
    with subprocess.Popen(  # noqa: S603 - ours
        [*program, "blame"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.close()
        assert process.stderr.read() == b""


def test_no_character_that_a_terminal_obeys_is_in_json(
    oikeus: Run, world: Path
) -> None:
    """Controls and marks of direction are escaped, letters are not."""
    message = "\x9b31mX\x7f\u202eÄ"
    with engine.Store.open(f"sqlite:///{world}") as store, store.writing() as writer:
        line = engine.Line("p", ("a", "b"))
        writer.commit(engine.Change("casbin", "os:me", message, add=(line,)))
    told = oikeus("log", "--limit", "1", "--format", "json").out
    assert "\\u009b31mX\\u007f\\u202eÄ" in told
    assert json.loads(told)[0]["message"] == message


def test_the_log_tells_the_grants_of_an_act(oikeus: Run, examples: Path) -> None:
    """Who got what, and from when until when: with the version, and for programs."""
    assert oikeus("import", "grants", examples / "administrators.csv").code == 0
    paa, new = (
        "person:1.2.246.562.24.90100000012",
        "person:1.2.246.562.24.90100000077",
    )
    school = "1.2.246.562.10.90101000000"
    words = ("--as", paa, "--reason", "new teacher")
    assert oikeus("grant", new, "ehoks-kayttaja", school, *words).code == 0
    told = oikeus("log", "--limit", 1).out.rstrip("\n").split("\t")[-1]
    assert told.startswith(f"new teacher; + ehoks-kayttaja of {new} at {school}, ")
    (version,) = json.loads(oikeus("log", "--limit", 1, "--format", "json").out)
    (grant,) = version["grants"]
    assert (grant["op"], grant["subject"], grant["role"]) == (
        "+",
        new,
        "ehoks-kayttaja",
    )
    path = Path("oikeus.db")
    with (
        engine.Store.open(f"sqlite:///{path.resolve()}") as store,
        store.writing() as one,
    ):
        odd = engine.Line("g", ("x", "role:y", "z"))
        one.commit(engine.Change("casbin", "os:t", "odd", add=(odd,)))
    assert oikeus("log", "--limit", 1).out.endswith("odd; + g, x, role:y, z\n")
    (version,) = json.loads(oikeus("log", "--limit", 1, "--format", "json").out)
    assert version["grants"] == [{"op": "+", "line": "g, x, role:y, z"}]


def test_the_owner_revokes_what_is_in_nobodys_power(
    oikeus: Run, examples: Path
) -> None:
    """With a reason; a refusal is a negative answer."""
    assert oikeus("import", "grants", examples / "administrators.csv").code == 0
    holder, school = "person:1.2.246.562.24.90100000013", "1.2.246.562.10.90101000000"
    words = ("revoke", holder, "ehoks-kayttaja", school)
    assert oikeus(*words).code == 1
    ended = oikeus(*words, "--reason", "left")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith(f"version 6: revoked ehoks-kayttaja from {holder}")
    ended = oikeus(*words, "--reason", "left")
    assert (ended.code, ended.out) == (3, "")
    assert ended.err == (
        "refused: there is no such grant to revoke: it is not held at this "
        "organisation\n"
    )
