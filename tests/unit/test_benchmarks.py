"""The benchmarks: they run and compare like with like; nothing here is timed."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest

import oikeus
from benchmarks import assurance, casbins, cedar, cerbos, difference, rivals
from benchmarks.__main__ import PARTS
from benchmarks.figures import RUNS, Figure, Findings, Measurement
from benchmarks.http_load import Client, Load
from benchmarks.http_servers import post
from benchmarks.limit import make_limit
from benchmarks.questions import ask, strangers
from benchmarks.race import Contender, one_by_one, race
from benchmarks.report import BEGIN, END, Report, fill
from benchmarks.stage import Stage
from benchmarks.worlds import SIZES, TOP, World, make_world, policies

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.uncovered

Allows = Callable[..., bool]


@pytest.fixture(scope="module")
def world() -> World:
    """A small world."""
    return make_world(SIZES["400"])


@pytest.fixture(scope="module")
def limit(world: World) -> Allows:
    """The dictionaries of that world."""
    return make_limit(world)


@pytest.fixture(scope="module")
def point(world: World) -> oikeus.DecisionPoint:
    """The decision point of that world."""
    return casbins.ours(world)


def test_worlds_are_the_same_each_time(world: World) -> None:
    """Two runs on one day measure the same world and ask the same questions."""
    again = make_world(world.size, world.today)
    assert again == world
    assert ask(again, 50) == ask(world, 50)


@pytest.mark.parametrize("name", ["100", "400", "10 k"])
def test_worlds_have_the_size_that_they_are_named_after(name: str) -> None:
    """Grants are distinct, and as many as the name says."""
    size = SIZES[name]
    world = make_world(size)
    assert len(set(world.grants)) == len(world.grants) == size.grants
    assert len({place.oid for place in world.places} | {TOP}) == size.organisations


def test_worlds_have_everything_that_decides(world: World) -> None:
    """Levels, modes, passive organisations, blocks, and days in and out of force."""
    assert len({place.level for place in world.places}) == 3
    assert {"mode:integraatio", "mode:syottoliittyma"} <= {
        place.mode for place in world.places
    }
    assert any(place.passive for place in world.places)
    assert world.blocked
    held = [world.today in grant.days for grant in world.grants]
    assert 0.05 < held.count(False) / len(held) < 0.3
    subjects = {grant.subject for grant in world.grants}
    assert len(world.grants) / len(subjects) < 2


def test_questions_are_a_mix(world: World, limit: Allows) -> None:
    """Allows and denies, unknown subjects and unknown organisations."""
    asked = ask(world, 200)
    subjects = {grant.subject for grant in world.grants}
    places = {place.oid for place in world.places}
    allowed = sum(limit(*question) for question in asked)
    assert 0.4 < allowed / len(asked) < 0.9
    assert any(subject not in subjects for subject, *_ in asked)
    assert any(place not in places for *_, place in asked)
    assert not any(limit(*question) for question in strangers(10))


def test_limit_and_decision_point_agree(
    world: World, limit: Allows, point: oikeus.DecisionPoint
) -> None:
    """The limit is a limit only while it decides the same."""
    days = [None, *(world.today + timedelta(days) for days in (-400, -20, 40, 380))]
    asked = [(*question, day) for question in ask(world, 100) for day in days]
    asked += [
        (subject, action, resource, place.oid, None)
        for place in world.places[::9]
        for subject in (*world.blocked, world.grants[0].subject)
        for action, resource in (("read", "hoks"), ("create", "tiedonsiirtotunnus"))
    ]
    given = [limit(*question) for question in asked]
    assert given == [point.allows(*question) for question in asked]
    assert set(given) == {True, False}


@pytest.mark.parametrize(
    "question",
    [
        ("", "read", "hoks", TOP),
        ("anna", "read", "hoks", TOP),
        ("role:tunnus", "read", "hoks", TOP),
        ("robot:1", "read", "hoks", TOP),
        ("person:a b\n", "read", "hoks", TOP),
        ("person:1", " ", "hoks", TOP),
        ("person:1", "read", "ho,ks", TOP),
        ("person:1", "read", "hoks", "a..b"),
        ("person:1", "read", "hoks", "mode:integraatio"),
        ("person:1", "read", "hoks", "9" * 256),
        ("person:1", "read", 5, TOP),
        (["person:1"], "read", "hoks", TOP),
    ],
)
def test_limit_refuses_what_the_decision_point_refuses(
    limit: Allows, point: oikeus.DecisionPoint, question: tuple[str, str, str, str]
) -> None:
    """What no request can be is an error, not a deny."""
    with pytest.raises(oikeus.RequestError):
        point.allows(*question)
    with pytest.raises(oikeus.RequestError):
        limit(*question)


def test_limit_is_for_a_policy_without_deny_rules(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the shipped policy gets one, the limit says so and decides nothing."""
    deny = oikeus.Line("p", ("role:ehoks-kayttaja", "hoks", "read", "deny"))
    more = replace(policies(), lines=(*policies().lines, deny))
    monkeypatch.setattr("benchmarks.limit.policies", lambda: more)
    with pytest.raises(ValueError, match="without deny rules"):
        make_limit(world)


@pytest.mark.skipif(not cedar.installed(), reason="cedarpy is only for `make bench`")
@pytest.mark.parametrize("days", [True, False])
def test_cedar_agrees(world: World, limit: Allows, *, days: bool) -> None:
    """Cedar decides by the same rules, one question at a time or in a list."""
    asked = ask(world, 200)
    contender = cedar.Cedar(world, days=days)
    requests = contender.asked(asked)
    expected = [limit(*question) for question in asked]
    assert contender.one_by_one(requests) == expected
    assert contender.together(requests) == expected
    assert contender.with_its_own(requests) == expected


def test_race_refuses_another_answer(world: World, limit: Allows) -> None:
    """A contender that answers otherwise has no time."""
    asked = ask(world, 20)
    expected = [limit(*question) for question in asked]
    contenders = [
        Contender("right", one_by_one(limit), asked, expected),
        Contender("wrong", one_by_one(lambda *_: True), asked, expected),
    ]
    timings = race(contenders[:1], turn=10, chunk=5, seconds=0)
    assert timings["right"].samples == 4
    with pytest.raises(AssertionError, match="wrong gave another answer"):
        race(contenders, turn=10, chunk=5, seconds=0)


def test_cerbos_policies_hold_every_rule() -> None:
    """Each role that a rule names is a derived role, and each action has its roles."""
    documents = cerbos.documents()
    named = documents["holders"]["derivedRoles"]["definitions"]
    rules = [line.values for line in policies().lines if line.ptype == "p"]
    assert {each["name"] for each in named} == {
        cedar.attribute(role) for role, *_ in rules
    }
    allowed = {
        (cedar.attribute(role), resource, action) for role, resource, action, _ in rules
    }
    assert allowed == {
        (role, resource, action)
        for resource, document in documents.items()
        if resource != "holders"
        for rule in document["resourcePolicy"]["rules"]
        for role in rule.get("derivedRoles", ())
        for action in rule["actions"]
    }


def test_cerbos_is_asked_with_all_that_it_needs(world: World, limit: Allows) -> None:
    """A request says what the subject holds, and what stands above the organisation."""
    asked = ask(world, 20)
    expected = [limit(*question) for question in asked]
    requests = cerbos.requests(world, asked, expected)
    assert [wanted for _, wanted in requests] == [
        ["ALLOW" if right else "DENY"] for right in expected
    ]
    body = json.loads(requests[0][0].partition("\r\n\r\n")[2])
    [resource] = body["resources"]
    assert resource["resource"]["attr"]["above"][0] == asked[0][3]
    assert body["principal"]["id"] == asked[0][0]


@contextmanager
def answering(body: bytes, status: bytes = b"200 OK") -> Iterator[int]:
    """A server that answers every request of one connection after another alike."""
    head = b"HTTP/1.1 " + status + b"\r\nContent-Length: %d\r\n\r\n" % len(body)

    def serve() -> None:
        with suppress(OSError):
            while True:
                connection, _ = listening.accept()
                with connection:
                    while connection.recv(65_536):
                        # in two parts, as a network may deliver it
                        connection.sendall(head[:9])
                        connection.sendall(head[9:] + body)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        # what is only closed would not wake who accepts
        listening.shutdown(socket.SHUT_RDWR)
    thread.join()


def load(port: int, *decisions: str) -> Load:
    """One request, and the decisions that its answer must have."""
    request = post("/access/v1/evaluation", {"subject": "anybody"})
    return Load("a server", port, 0, '"decision":(true|false)', [(request, decisions)])


def test_client_counts_right_answers(tmp_path: Path) -> None:
    """A closed job has as many as were wanted; an open one as many as were due."""
    with answering(b'{"decision":true}') as port, Client(tmp_path) as client:
        closed = client.closed(load(port, "true"), connections=1, count=5)
        opened = client.scheduled(
            load(port, "true"), connections=1, rate=200, seconds=0.1
        )
    assert closed.answers == 5
    assert opened.answers == 20
    assert 0 < opened.p50 <= opened.p99 <= opened.p999
    assert closed.rate > 0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"decision":false}', b"200 OK"),
        (b'{"decision":true}', b"503 Service Unavailable"),
        (b"{}", b"200 OK"),
        (b'{"decision":true},{"decision":true}', b"200 OK"),
    ],
    ids=["denied", "status", "none", "two"],
)
def test_client_refuses_another_answer(
    tmp_path: Path, body: bytes, status: bytes
) -> None:
    """An answer counts with its status and its decisions, or the run ends."""
    with (
        answering(body, status) as port,
        Client(tmp_path) as client,
        pytest.raises(AssertionError, match="expected 200 and"),
    ):
        client.closed(load(port, "true"), connections=1, count=1)


def test_row_says_when_cedarpy_is_not_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Everything else is measured without it."""
    monkeypatch.setattr(rivals, "installed", lambda: False)
    found = rivals.cedar(Stage.of("100", 20), RUNS["tiny"])
    notes = {row.contender: row.note for row in found.measurements}
    assert notes[rivals.CEDAR] == "not installed"
    figures = [each for each in found.figures if "cedarpy" in each.name]
    assert [(each.value, each.reached) for each in figures] == [(None, None)] * 2


def test_difference_has_no_time_for_another_answer(
    world: World, point: oikeus.DecisionPoint
) -> None:
    """Brute force and ours agree on whoever was drawn, or nothing is measured."""
    before = point.snapshot
    others = [line for line in world.lines() if line.ptype != "g"]
    after = before.following(1, lines=[*others, difference.RULE])
    subjects = [grant.subject for grant in world.grants[::7]]
    expected = difference.brute_force(world, before, after, subjects)
    assert expected
    found = oikeus.difference(before, after, world.today)
    difference.check(found, subjects, expected)
    with pytest.raises(AssertionError, match="gave another answer"):
        difference.check(found, subjects, set())


# the shapes of the enforcer have one size, which takes a minute; the service has a
# dozen servers to start
def test_assurance_has_no_time_for_another_answer(repository: Path) -> None:
    """Mutants that are said to be noticed fail a case when they are tested anew."""
    suite = oikeus.load_suite(
        repository / "policies", oikeus.load_model(repository / "model.conf")
    ).selecting("blocking")
    line = oikeus.Line("p", ("role:palvelukayttaja", "hoks", "transfer", "allow"))
    dropped = oikeus.Mutant(oikeus.Slip.DROPPED, line)
    assert not oikeus.run_suite(assurance.mutated(suite, dropped))
    assurance.check(suite, oikeus.MutantResult((dropped,), (), ()))
    with pytest.raises(AssertionError, match="gave another answer"):
        assurance.check(suite, oikeus.MutantResult((), (dropped,), ()))


@pytest.mark.parametrize("part", sorted({*PARTS} - {"enforcer", "service"}))
def test_part_runs(part: str) -> None:
    """Every row of a part is measured, or says why it is not."""
    found = PARTS[part](RUNS["tiny"])
    assert found.figures
    for figure in found.figures:
        assert figure.value is not None or figure.note, figure
    for row in found.measurements:
        assert row.median or row.note, row


def test_program_runs(tmp_path: Path) -> None:
    """It prints the tables and keeps them, and says nothing of where it ran."""
    kept = tmp_path / "found.json"
    command = [sys.executable, "-m", "benchmarks", "--run", "tiny", "--only", "memory"]
    done = subprocess.run(  # noqa: S603 - this very program
        [*command, "--output", str(kept)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "oikeus.DecisionPoint" in done.stdout
    text = kept.read_text(encoding="utf-8")
    found = json.loads(text)
    assert [*found] == ["run", "machine", "figures", "measurements"]
    assert {"processor", "cores", "system", "Python"} <= {*found["machine"]}
    assert str(ROOT) not in text


def test_figures_know_their_bars() -> None:
    """At most and at least; what was not measured was not reached either way."""
    low = Figure("a", 1.3, 1.3, at_most=True)
    high = Figure("b", 49.0, 50, at_most=False)
    none = Figure("c", None, 50, at_most=False)
    assert [each.reached for each in (low, high, none)] == [True, False, None]


def test_report_is_kept_whole(tmp_path: Path) -> None:
    """What was saved comes back, and fills the page between the marks only."""
    figures = [
        Figure("growth", 2.0, 3, at_most=True),
        Figure("x", 1e-5, 1e-4, at_most=True),
    ]
    rows = [Measurement("decisions", "40 k", "limit", 812.0, 2345.6, 0.8, "20")]
    report = Report({"run": "full"}, {"cores": "2"}, Findings(figures, rows))
    report.save(tmp_path / "found.json")
    assert Report.load(tmp_path / "found.json") == report
    page = fill(f"before\n{BEGIN}\nold\n{END}\nafter\n", report)
    assert page.startswith("before\n")
    assert page.endswith("\nafter\n")
    assert "old" not in page
    assert "| growth | 2 | at most 3 | yes |  |" in page
    assert "| x | 1/100,000 | at most 1/10,000 | yes |  |" in page
    assert "| decisions | 40 k | limit | 812 ns | 2.35 us | 0.80 | 20 |" in page
    assert fill(page, report) == page
