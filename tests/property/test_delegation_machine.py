"""A machine of random acts: whatever happens, nobody holds what no rule allowed.

People grant, renew, revoke, apply, register and block, the owner imports and changes
policies, days pass; beside it all the rules are kept once more, naively. After each act
both agree on whether it was allowed, on what is in force, and on every answer.
"""

from __future__ import annotations

import itertools
import random
import shutil
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import event, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

import oikeus
from oikeus import Administration, LivePoint, Store
from oikeus.errors import OikeusError
from oikeus.terms import PowerRequest, RevocationRequest

from .delegation_draws import (
    Power,
    acts_on_grants,
    anything,
    changed,
    days,
    deciders,
    powers,
    register,
    rows,
)
from .delegation_log import wrongly_given
from .delegation_questions import accesses
from .delegation_questions import powers as power_questions
from .delegation_world import (
    CLOSED,
    IMPORTED,
    LEVELS,
    NAMES,
    PARENTS,
    PERSONS,
    START,
    SUBJECTS,
    Policy,
    deed,
    extract,
    grants_file,
    held_of,
)
from .naive_applications import NaiveRegistry
from .worlds import MODEL

ACTOR = "os:tester"
QUESTIONS = 60
"""How many of each kind are asked after each act."""
WITH_REASONS = 30
"""Which of those about powers are asked for their reasons: one among so many."""
STEPS = 30


@dataclass(frozen=True)
class Beginning:
    """A database in which the machine begins, and what the rules say of it."""

    path: Path
    rules: NaiveRegistry


@pytest.fixture
def beginning(tmp_path: Path) -> Beginning:
    """A policy, its organisations, and those who can grant something."""
    policy, path = Policy(), tmp_path / "beginning.db"
    policy.write(tmp_path / "policies")
    rules = NaiveRegistry(dict(PARENTS), dict(LEVELS), passive={CLOSED})
    follow(rules, policy)
    with Store.open(f"sqlite:///{path}") as store:
        oikeus.apply_policies(store, MODEL, tmp_path / "policies", actor=ACTOR)
        texts = {"extract.json": extract(rules.parents, rules.passive)}
        oikeus.import_organisations(store, texts, actor=ACTOR)
        oikeus.import_grants(store, [("a.csv", grants_file(IMPORTED))], actor=ACTOR)
    assert rules.take_over(IMPORTED)
    return Beginning(path, rules)


def follow(rules: NaiveRegistry, policy: Policy) -> None:
    """Let the naive rules say what a policy says."""
    rules.modes, rules.powers = dict(policy.modes), policy.powers
    rules.may, rules.longest = set(policy.may), policy.longest
    rules.apply(policy.written)


class Delegation(RuleBasedStateMachine):
    """The world, its database, and the naive rules beside it."""

    beginning: Beginning
    numbers = itertools.count(1)

    def __init__(self) -> None:
        super().__init__()
        self.path = self.beginning.path.with_name(f"{next(self.numbers)}.db")
        shutil.copy(self.beginning.path, self.path)
        self.store = Store.open(f"sqlite:///{self.path}")
        self.naive = deepcopy(self.beginning.rules)
        self.policy = Policy()
        self.today = START
        self.point = LivePoint(self.store, today=lambda: self.today)
        self.administration = Administration(
            self.store, actor=ACTOR, today=lambda: self.today
        )
        self.head = self.store.head()
        self.seen: object = None

    def teardown(self) -> None:
        """The log is whole, and so is what it says."""
        versions = [version.number for version in self.store.versions()]
        assert versions == [*range(1, self.head + 1)]
        assert oikeus.verify(self.store).findings == ()
        self.point.close()
        self.store.close()
        self.path.unlink()

    def act(
        self,
        name: str,
        allowed: Callable[[NaiveRegistry], bool],
        do: Callable[[], object],
    ) -> None:
        """Do it here and there; both allow it, or neither does and nothing changes."""
        was = deepcopy(self.naive)
        expected = allowed(self.naive)
        try:
            do()
            reason = None
        except OikeusError as error:
            reason = str(error)
        event(f"{name} {'allowed' if expected else 'refused'}")
        assert (reason is None) == expected, (name, expected, reason)
        head = self.store.head()
        assert head - self.head == (was != self.naive)
        for version in self.store.versions()[self.head :]:
            recorded = self.store.changes(version.number)
            assert not wrongly_given(was, version, recorded, self.today)
        self.head = head
        self.point.refresh()

    # --- what people do ---

    @rule(data=st.data())
    def grant(self, data: st.DataObject) -> None:
        """Somebody grants what they can, as long as it is granted by default."""
        self._grant(data.draw(powers(self.naive, self.today)), None, None)

    @rule(data=st.data())
    def grant_anything(self, data: st.DataObject) -> None:
        """Somebody grants, on whatever days."""
        right = data.draw(st.one_of(powers(self.naive, self.today), anything))
        self._grant(right, data.draw(days(self.today)), data.draw(days(self.today)))

    def _grant(self, right: Power, first: date | None, last: date | None) -> None:
        who, to, role, place = right
        self.act(
            "grant",
            lambda rules: rules.grant(*right, self.today, first, last),
            lambda: self.administration.grant(
                to, role, place, granter=who, first=first, last=last
            ),
        )

    @rule(data=st.data())
    def renew(self, data: st.DataObject) -> None:
        """Somebody renews."""
        right = data.draw(
            st.one_of(
                acts_on_grants(self.naive, self.today), powers(self.naive, self.today)
            )
        )
        last = data.draw(days(self.today))
        who, to, role, place = right
        self.act(
            "renew",
            lambda rules: rules.renew(*right, self.today, last),
            lambda: self.administration.renew(to, role, place, granter=who, last=last),
        )

    @rule(data=st.data())
    def revoke(self, data: st.DataObject) -> None:
        """Somebody revokes, or gives up."""
        right = data.draw(st.one_of(acts_on_grants(self.naive, self.today), anything))
        who, of, role, place = right
        self.act(
            "give up" if who == of else "revoke",
            lambda rules: rules.revoke(*right, self.today),
            lambda: self.administration.revoke(of, role, place, granter=who),
        )

    @rule(data=st.data(), name=st.sampled_from(NAMES))
    def create_credential(self, data: st.DataObject, name: str) -> None:
        """Somebody registers a credential."""
        who, _, _, place = data.draw(powers(self.naive, self.today))
        self.act(
            "create credential",
            lambda rules: rules.register(who, name, place, self.today),
            lambda: self.administration.create_credential(name, place, granter=who),
        )

    @rule(data=st.data())
    def block(self, data: st.DataObject) -> None:
        """Somebody blocks, or lifts a block."""
        right = st.one_of(acts_on_grants(self.naive, self.today), anything)
        who, whom, _, _ = data.draw(right)
        if bool(self.naive.blocked) and data.draw(st.booleans()):
            whom = data.draw(st.sampled_from(sorted(self.naive.blocked)))
        if whom in self.naive.blocked:
            self.act(
                "unblock",
                lambda rules: rules.unblock(who, whom, self.today),
                lambda: self.administration.unblock(whom, granter=who),
            )
            return
        self.act(
            "block",
            lambda rules: rules.block(who, whom, self.today),
            lambda: self.administration.block(whom, granter=who, reason="so"),
        )

    @rule(data=st.data())
    def request(self, data: st.DataObject) -> None:
        """Somebody applies for a role."""
        _, subject, role, place = data.draw(powers(self.naive, self.today))
        self.act(
            "request",
            lambda rules: rules.request(
                subject, role, place, self.today, self.head + 1
            ),
            lambda: self.administration.request(subject, role, place),
        )

    @rule(data=st.data(), decision=st.sampled_from(["approve", "reject", "withdraw"]))
    @precondition(lambda self: self.naive.wishes)
    def decide(self, data: st.DataObject, decision: str) -> None:
        """Somebody approves or rejects an application, or withdraws it."""
        who, number = data.draw(deciders(self.naive, self.today))
        if decision == "withdraw" and data.draw(st.booleans()):
            who = self.naive.wishes[number].subject
        acts: dict[str, Callable[[], object]] = {
            "approve": lambda: self.administration.approve(number, granter=who),
            "reject": lambda: self.administration.reject(
                number, granter=who, reason="no"
            ),
            "withdraw": lambda: self.administration.withdraw(number, subject=who),
        }
        self.act(
            decision,
            lambda rules: getattr(rules, decision)(who, number, self.today),
            acts[decision],
        )

    # --- what the owner does ---

    @rule(data=st.data())
    def block_as_owner(self, data: st.DataObject) -> None:
        """The owner blocks, or lifts a block where there is one."""
        subject = data.draw(st.sampled_from(sorted(self.naive.blocked) or SUBJECTS))
        is_blocked = subject in self.naive.blocked

        def toggled(rules: NaiveRegistry) -> bool:
            rules.blocked ^= {subject}
            return True

        self.act(
            "unblock by the owner" if is_blocked else "block by the owner",
            toggled,
            lambda: (
                oikeus.unblock(self.store, subject, actor=ACTOR)
                if is_blocked
                else oikeus.block(self.store, subject, reason="leaked", actor=ACTOR)
            ),
        )

    @rule(data=st.data())
    def take_over(self, data: st.DataObject) -> None:
        """The owner imports grants."""
        found = data.draw(rows(self.naive, self.today))
        files = [("more.csv", grants_file(found))]
        self.act(
            "import",
            lambda rules: rules.take_over(found),
            lambda: oikeus.import_grants(self.store, files, actor=ACTOR),
        )

    @rule(data=st.data())
    def change_circumstances(self, data: st.DataObject) -> None:
        """The owner applies other policy files, or imports what the register says."""
        change = self._change_policy, self._change_register
        data.draw(st.sampled_from(change))(data)

    def _change_policy(self, data: st.DataObject) -> None:
        self.policy = data.draw(changed(self.policy))
        folder = self.beginning.path.with_name("policies")
        self.policy.write(folder)

        def changes(rules: NaiveRegistry) -> bool:
            follow(rules, self.policy)
            return True

        self.act(
            "apply",
            changes,
            lambda: oikeus.apply_policies(self.store, MODEL, folder, actor=ACTOR),
        )

    def _change_register(self, data: st.DataObject) -> None:
        """An organisation closes, opens again, or stands elsewhere."""
        parents, passive = data.draw(register(self.naive))

        def changes(rules: NaiveRegistry) -> bool:
            rules.parents, rules.passive = parents, passive
            return True

        texts = {"extract.json": extract(parents, passive)}
        self.act(
            "import organisations",
            changes,
            lambda: oikeus.import_organisations(
                self.store, texts, actor=ACTOR, accept_moves=True
            ),
        )

    @rule(passed=st.sampled_from([1, 1, 2, 3, 29, 180]))
    def pass_days(self, passed: int) -> None:
        """Days pass."""
        self.today += timedelta(days=passed)

    # --- what holds after each of them ---

    @invariant()
    def all_agrees(self) -> None:
        """The database and the rules."""
        self.in_force_is_what_the_rules_hold()
        self.applications_are_those_of_the_rules()
        self.answers_are_those_of_the_rules()

    def in_force_is_what_the_rules_hold(self) -> None:
        """Every grant and every block, and no other."""
        lines = self.store.load().lines
        grants = [held_of(line) for line in lines if line.ptype == "g"]
        assert sorted(grants) == sorted(self.naive.grants)
        blocks = [line for line in lines if line.values[1:] == ("blocked",)]
        assert {line.values[0] for line in blocks} == self.naive.blocked

    def applications_are_those_of_the_rules(self) -> None:
        """As they stand today; in an inbox are those that its owner may decide."""
        wishes = self.naive.wishes
        found = self.administration.applications()
        states = {each.id: each.state.value for each in found}
        assert states == {n: wish.state_on(self.today) for n, wish in wishes.items()}
        for who in PERSONS[:: 1 if wishes else len(PERSONS)]:
            inbox = {each.id for each in self.administration.applications(to=who)}
            assert inbox == {
                number
                for number, state in states.items()
                if state == "requested"
                and self.naive.may_decide(who, number, self.today)
            }

    def answers_are_those_of_the_rules(self) -> None:
        """On access and on powers, today, and on days before and after."""
        chance = random.Random(f"{self.head} {self.today}")  # noqa: S311 # no secret
        for question in accesses(self.naive, self.today, chance, QUESTIONS):
            subject, act, place, day = question
            answer = self.point.allows(subject, *deed(act), place, day)
            assert answer == self.naive.allows(*question), question
        asked = power_questions(self.naive, self.today, chance, QUESTIONS)
        for number, (who, whom, role, place, day) in enumerate(asked):
            request = (who, whom, f"role:{role}", place)
            grants = self._ask(PowerRequest(*request), day, number)
            assert grants == self.naive.may_grant(who, whom, role, place, day), request
            revokes = self._ask(RevocationRequest(*request), day, number)
            assert revokes == self.naive.may_revoke(who, whom, role, place, day), (
                request
            )

    def _ask(self, request: PowerRequest, day: date, number: int) -> bool:
        """The answer; now and then with its reason, which takes long."""
        if number % WITH_REASONS:
            return self.point.snapshot.evaluator.ask(request, day).allowed
        ask = self.point.may_grant
        if isinstance(request, RevocationRequest):
            ask = self.point.may_revoke
        parts = request.granter, request.recipient, request.role, request.organisation
        return ask(*parts, day).allowed


def test_nobody_ever_holds_what_no_rule_allowed(beginning: Beginning) -> None:
    """Whatever people and the owner do, in whatever order, on whatever days."""

    class Machine(Delegation):
        pass

    Machine.beginning = beginning
    run_state_machine_as_test(Machine, settings=settings(stateful_step_count=STEPS))
