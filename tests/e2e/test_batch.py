"""A batch: a line in, a line out, in order, whatever the lines hold."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
Spawn = Callable[..., "subprocess.Popen[bytes]"]

GOOD = {
    "subject": "person:1.2.246.562.24.90100000003",
    "action": "read",
    "resource": "hoks",
    "organisation": "1.2.246.562.10.90101000000",
}
AT = {"at": "2026-11-02"}
PARTS = "expected subject, action, resource, organisation and perhaps at, attributes"


@pytest.fixture(autouse=True)
def _world(world: Path) -> None:
    """Every batch is decided in the example world."""
    assert world.exists()


def lines(*requests: dict[str, Any]) -> bytes:
    """Requests as JSON lines."""
    return b"".join(json.dumps(each).encode() + b"\n" for each in requests)


def read(out: str) -> list[dict[str, Any]]:
    """The lines that came out."""
    return [json.loads(line) for line in out.splitlines()]


def test_answers_are_the_requests_with_decision_and_reason_in_order(
    oikeus: Run, examples: Path
) -> None:
    """From a file or from stdin, the same, and in either format."""
    path = examples / "requests.jsonl"
    ended = oikeus("decide", "--batch", path)
    assert (ended.code, ended.err) == (0, "")
    asked = read(path.read_text(encoding="utf-8"))
    answered = read(ended.out)
    assert len(answered) == len(asked) > 20
    for request, answer in zip(asked, answered, strict=True):
        assert list(answer) == [*request, "decision", "reason"]
        assert request.items() <= answer.items()
        assert answer["decision"] in ("allow", "deny")
        words = [request[name] for name in GOOD]
        alone = oikeus("decide", *words, "--at", request["at"])
        assert alone.out == f"{answer['decision']}: {answer['reason']}\n"
    assert {answer["decision"] for answer in answered} == {"allow", "deny"}
    piped = path.read_bytes()
    assert oikeus("decide", "--batch", "-", stdin=piped) == ended
    assert oikeus("--format", "json", "decide", "--batch", path) == ended


def test_batch_of_a_process_reads_its_standard_input(run: Run, examples: Path) -> None:
    """As it comes through a pipe."""
    piped = (examples / "requests.jsonl").read_bytes()
    ended = run("decide", "--batch", "-", stdin=piped)
    assert (ended.code, ended.err) == (0, "")
    assert len(ended.out.splitlines()) == len(piped.splitlines())


def test_answer_comes_before_the_next_question(spawn: Spawn) -> None:
    """A program that asks and waits through a pipe is not kept waiting."""
    process = spawn("decide", "--batch", "-")
    assert process.stdin is not None
    assert process.stdout is not None
    for day, decision in (("2026-11-02", "allow"), ("2027-11-02", "deny")):
        process.stdin.write(lines(GOOD | {"at": day}))
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["decision"] == decision


def test_day_of_the_option_is_for_requests_that_name_none(oikeus: Run) -> None:
    """One that names its day keeps it."""
    batch = lines(GOOD, GOOD | {"at": "2027-11-02"})
    ended = oikeus("decide", "--batch", "-", "--at", "2026-11-02", stdin=batch)
    assert [answer["decision"] for answer in read(ended.out)] == ["allow", "deny"]
    assert "at" not in read(ended.out)[0]


def test_names_are_written_in_their_letters(oikeus: Run) -> None:
    """For people who read along."""
    request = GOOD | AT | {"organisation": "1.2.246.562.10.90100000000"}
    answer = oikeus("decide", "--batch", "-", stdin=lines(request)).out
    assert "(Keski-Uudenmaan koulutuskuntayhtymä)" in answer


def deep(levels: int) -> bytes:
    """A request whose subject is nested."""
    text = json.dumps(GOOD | AT).encode()
    subject = json.dumps(GOOD["subject"]).encode()
    return text.replace(subject, b"[" * levels + b"]" * levels)


UNREADABLE = "cannot be read, expected a JSON object in UTF-8"
BAD: dict[str, tuple[bytes, str]] = {
    "no JSON": (b"read hoks", UNREADABLE),
    "half of it": (b'{"subject": "person:a"', UNREADABLE),
    "two on a line": (b"{} {}", UNREADABLE),
    "no UTF-8": (b'{"subject": "person:\xe4"}', UNREADABLE),
    "NUL": (b"\0", UNREADABLE),
    "nested ten thousand deep": (deep(10_000), UNREADABLE),
    "huge number": (b"1" * 10_000, UNREADABLE),
    "list": (b"[]", "is no object, expected {…} in JSON"),
    "text": (b'"a"', "is no object, expected {…} in JSON"),
    "null": (b"null", "is no object, expected {…} in JSON"),
    "NaN": (b'{"subject": NaN}', "NaN is no JSON, expected a number"),
    "Infinity": (b"[-Infinity]", "-Infinity is no JSON, expected a number"),
    "a key twice": (
        b'{"subject": "person:a", "subject": "person:b"}',
        "a key stands twice, expected it once",
    ),
    "empty object": (b"{}", f"`subject` is missing, {PARTS}"),
}


@pytest.mark.parametrize(("line", "text"), BAD.values(), ids=BAD)
def test_line_that_cannot_be_read_is_an_error_and_stops_nothing(
    oikeus: Run, line: bytes, text: str
) -> None:
    """It is named by its number; the rest is answered, and the end is 1."""
    batch = lines(GOOD | AT) + b"\n" + line + b"\n" + lines(GOOD | AT)
    ended = oikeus("decide", "--batch", "-", stdin=batch)
    assert (ended.code, ended.err) == (1, "")
    first, wrong, last = read(ended.out)
    assert first == last
    assert first["decision"] == "allow"
    assert wrong == {"error": f"line 3: {text}"}


WRONG = {
    "missing": (
        {"subject": GOOD["subject"]},
        f"`action` is missing, {PARTS}",
    ),
    "unknown": (GOOD | {"colour": "red"}, f"unknown key `colour`, {PARTS}"),
    "unknown, odd": (GOOD | {"a\n`b": "x"}, f"unknown key `a\\n`b`, {PARTS}"),
    "blank": (GOOD | {"action": ""}, "the action is blank, expected a value"),
    "role": (
        GOOD | {"subject": "role:tallentaja"},
        "the subject `role:tallentaja` is a role, expected person:ID or system:ID",
    ),
    "unknown kind": (
        GOOD | {"subject": "dog:rex"},
        "`dog:rex` is of no known kind, expected person:ID or system:ID",
    ),
    "organisation": (
        GOOD | {"organisation": "1.2@x"},
        "the organisation holds @, which ids cannot",
    ),
    "half a letter": (
        GOOD | {"resource": "\ud800"},
        "the resource holds a control or invisible character, expected plain text",
    ),
    "day": (
        GOOD | {"at": "2.11.2026"},
        "`2.11.2026` is no day, expected the form 2026-03-01",
    ),
    "blank day": (
        GOOD | {"at": ""},
        "`` is no day, expected the form 2026-03-01",
    ),
}


@pytest.mark.parametrize(("request_", "text"), WRONG.values(), ids=WRONG)
def test_request_that_cannot_be_decided_is_given_back_with_an_error(
    oikeus: Run, request_: dict[str, Any], text: str
) -> None:
    """So that whoever asked finds it again."""
    ended = oikeus("decide", "--batch", "-", stdin=lines(request_, GOOD | AT))
    assert (ended.code, ended.err) == (1, "")
    wrong, good = read(ended.out)
    assert wrong == request_ | {"error": f"line 1: {text}"}
    assert good["decision"] == "allow"


@pytest.mark.parametrize("value", [5, None, True, ["a"], {"a": "b"}], ids=repr)
@pytest.mark.parametrize("name", [*GOOD, "at"])
def test_value_of_another_type_is_an_error(
    oikeus: Run, name: str, value: object
) -> None:
    """Nothing is made into text that is none."""
    ended = oikeus("decide", "--batch", "-", stdin=lines(GOOD | AT | {name: value}))
    expected = "a day of the form 2026-03-01" if name == "at" else "an id"
    text = f"line 1: the {name} is not text, expected {expected}"
    given = {key: part for key, part in (GOOD | AT).items() if key != name}
    assert (ended.code, read(ended.out)) == (1, [given | {"error": text}])


@pytest.mark.parametrize("levels", [900, 950, 975, 990, 1000])
def test_nesting_that_can_just_be_read_is_an_error_too(
    oikeus: Run, levels: int
) -> None:
    """Reading it and writing it back do not reach equally deep."""
    ended = oikeus("decide", "--batch", "-", stdin=deep(levels))
    assert (ended.code, ended.err) == (1, "")
    assert "error" in read(ended.out)[0]


def test_blank_lines_and_other_line_ends_do_not_matter(oikeus: Run, desk: Path) -> None:
    """Nor does a byte order mark: editors leave them behind."""
    one = lines(GOOD | AT).rstrip(b"\n")
    path = desk / "requests.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + one + b"\r\n\r\n  \n" + one)
    ended = oikeus("decide", "--batch", path)
    assert (ended.code, ended.err) == (0, "")
    assert [answer["decision"] for answer in read(ended.out)] == ["allow", "allow"]


def test_bad_lines_of_a_file_stop_nothing(oikeus: Run, desk: Path) -> None:
    """A file is read line by line as well, so bytes that are no text spoil one line."""
    path = desk / "requests.jsonl"
    path.write_bytes(b"\xff\n" + lines(GOOD | AT) + b"\x00\xfe\n")
    ended = oikeus("decide", "--batch", path)
    assert (ended.code, ended.err) == (1, "")
    assert [list(answer)[-1] for answer in read(ended.out)] == [
        *("error", "reason", "error")
    ]


def test_line_of_megabytes_is_an_answer_like_any_other(oikeus: Run) -> None:
    """An id has 255 characters at most."""
    request_ = GOOD | AT | {"organisation": "1" * 5_000_000}
    ended = oikeus("decide", "--batch", "-", stdin=lines(request_, GOOD | AT))
    wrong, good = read(ended.out)
    assert wrong["error"].startswith("line 1: the organisation is longer than 255 char")
    assert good["decision"] == "allow"


@pytest.mark.parametrize("batch", [b"", b"\n \n"])
def test_empty_batch_is_answered_with_nothing(oikeus: Run, batch: bytes) -> None:
    """Nothing was asked, and nothing went wrong."""
    ended = oikeus("decide", "--batch", "-", stdin=batch)
    assert (ended.code, ended.out, ended.err) == (0, "", "")


def test_missing_file_is_an_error(oikeus: Run) -> None:
    """Before anything is answered."""
    ended = oikeus("decide", "--batch", "none.jsonl")
    assert (ended.code, ended.out, ended.err) == (
        1,
        "",
        "error: cannot read `none.jsonl`: no such file or directory\n",
    )


def test_binary_file_is_an_error_a_line(oikeus: Run, world: Path) -> None:
    """Such as the database itself, given by mistake."""
    ended = oikeus("decide", "--batch", world)
    assert (ended.code, ended.err) == (1, "")
    assert ended.out
    assert all(list(answer) == ["error"] for answer in read(ended.out))


def test_reader_that_has_enough_ends_the_batch_quietly(spawn: Spawn) -> None:
    """As `| head -1` does: no traceback, no word."""
    process = spawn("decide", "--batch", "-")
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdin.write(lines(GOOD | AT))
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["decision"] == "allow"
    process.stdout.close()
    try:
        process.stdin.write(lines(*[GOOD | AT] * 100))
        process.stdin.close()
    except BrokenPipeError:
        pass  # it has ended already
    process.stdin = None
    assert process.wait(timeout=60) == 1
    assert process.stderr.read() == b""
