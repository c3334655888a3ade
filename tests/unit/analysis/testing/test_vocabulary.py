"""What tells a changed policy apart is found as if every question had been asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import pytest

from oikeus.analysis.testing.mutants import mutants_of
from oikeus.analysis.testing.suite import CaseSuite, load_suite
from oikeus.analysis.testing.vocabulary import Vocabulary
from oikeus.decide.evaluator import Evaluator, Posed
from oikeus.decide.facts import Facts
from oikeus.policy.model import Model, parse_model
from oikeus.terms import Line, PowerRequest, Request, RevocationRequest

from .small_suite import CASES, RULES, load, model, write_files

DENYING = f"{RULES}p, role:clerk, door, count, deny\n"
PLACED = """\
# A: where it stands
g2, east, town
g4, east, level:branch
g2, east, mode:paper
g2, east-desk, east
g4, east-desk, level:desk
g2, west, town
g2, west, mode:screen
g2, west, status:passive
"""


def loose() -> Model:
    """A model by which everybody may do what a rule is about, if it is reading."""
    grant = 'g(r.sub, p.sub, r.org + "@" + r.day + "@" + p.sub)'
    head, tail = model().text.split("\nm = ")
    tail = tail.replace(grant, f'({grant} || r.act == "read")', 1)
    return parse_model(f"{head}\nm = {tail}")


def everything(
    vocabulary: Vocabulary, suite: CaseSuite
) -> Iterator[Request | PowerRequest]:
    """Every question that the words make, without a thought."""
    catalogue, file = suite.policies.catalogue, vocabulary.world.file
    people = [who for who in file.people if not who.startswith("robot")]
    imagined = vocabulary.imagined
    for subject in (*people, *imagined.holders):
        for place in file.places:
            for resource, known in catalogue.resources.items():
                for action in known.actions:
                    yield Request(subject, action, resource, place)
            mine = imagined.recipients
            to = mine if subject in imagined.held else (*people, *mine)
            for role, recipient in product(catalogue.roles, to):
                yield PowerRequest(subject, recipient, f"role:{role}", place)
            for role, holder in product(catalogue.roles, (*to, subject)):
                yield RevocationRequest(subject, holder, f"role:{role}", place)


def answers(
    vocabulary: Vocabulary, suite: CaseSuite, lines: list[Line], posed: list[Posed]
) -> list[bool]:
    """What a policy of these lines answers."""
    grants = [grant.line for grant in vocabulary.imagined.grants]
    # an organisation stands where the policy says, which no world repeats
    world = [
        line for line in vocabulary.world.file.world if line not in suite.policies.lines
    ]
    every = dict.fromkeys((*lines, *world, *grants))
    evaluator = Evaluator(suite.model, Facts.from_lines(suite.model, every))
    return [evaluator.answer(question).allowed for question in posed]


@pytest.mark.parametrize(
    ("by", "rules", "which"),
    # the last world is one of the organisations that the policy places
    [(model, DENYING, 0), (loose, RULES, 0), (model, f"{RULES}{PLACED}", -1)],
)
def test_a_mutant_is_told_apart_where_any_question_tells_it(
    by: Callable[[], Model], rules: str, which: int, tmp_path: Path
) -> None:
    """And the question that is found does tell it."""
    folder = write_files(
        tmp_path, {"lending.yaml": CASES.replace("person:new", "robot:r")}
    )
    (folder / "rules.csv").write_text(rules, encoding="utf-8")
    suite = load_suite(folder, by())
    vocabulary = suite.vocabularies[which]
    lines = [*suite.rules]
    posed = [
        vocabulary.evaluator.pose(question, day)
        for question in everything(vocabulary, suite)
        for day in suite.files[0].days
    ]
    before = answers(vocabulary, suite, lines, posed)
    verdicts = set()
    for mutant in mutants_of(lines, suite.policies.catalogue, suite.model):
        kept = [line for line in lines if line not in mutant.change.removed]
        after = answers(vocabulary, suite, [*kept, *mutant.change.added], posed)
        found = vocabulary.told_apart(mutant.change)
        assert (found is None) is (before == after), str(mutant)
        verdicts.add(found is None)
    assert verdicts == {True, False}


def test_real_people_are_asked_about_first(tmp_path: Path) -> None:
    """A case about somebody of the world is the better one."""
    suite = load(tmp_path)
    vocabulary, _ = suite.vocabularies
    rule = Line("p", ("role:clerk", "book", "lend", "allow"))
    first, *others = vocabulary.about(rule)
    assert first.values[0] == "person:kim"
    assert {question.values[0] for question in others} & set(vocabulary.imagined.held)


def test_what_cases_send_is_asked_with_and_without(tmp_path: Path) -> None:
    """Attributes have no vocabulary but what cases send."""
    text = model().text.replace("obj, act\n# May", "obj, act, reason\n# May")
    sent = CASES.replace(
        "organisation: north-desk}\n    cannot",
        "organisation: north-desk, attributes: {reason: care}}\n    cannot",
    )
    assert sent != CASES
    suite = load_suite(write_files(tmp_path, {"a.yaml": sent}), parse_model(text))
    vocabulary, _ = suite.vocabularies
    rule = Line("p", ("role:clerk", "book", "lend", "allow"))
    assert {question.values[-1] for question in vocabulary.about(rule)} == {"", "care"}
