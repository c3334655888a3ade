"""Constructors, adapters, watchers and logging: as with Casbin's own enforcer."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import casbin
import pytest
from casbin.persist import Adapter
from casbin.persist.adapters import FilteredFileAdapter
from casbin.persist.adapters.filtered_file_adapter import Filter

from oikeus import Enforcer

from .side_by_side import Lines, is_compiled, model, outcome, same

RULES = "p, a, x\np, b, y\n"


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """A model and rules, in files."""
    conf, rules = tmp_path / "model.conf", tmp_path / "rules.csv"
    conf.write_text(model().to_text(), encoding="utf-8")
    rules.write_text(RULES, encoding="utf-8")
    return str(conf), str(rules)


def test_enforcer_is_made_as_casbins_is(files: tuple[str, str]) -> None:
    """From paths, a model, an adapter, or nothing at all."""
    conf, rules = files
    for given in (
        (conf, rules),
        (conf, casbin.FileAdapter(rules)),
        (casbin.Enforcer.new_model(conf), casbin.FileAdapter(rules)),
        (conf,),
        (casbin.Enforcer.new_model(conf),),
    ):
        ours, stock = Enforcer(*given), casbin.Enforcer(*given)
        same(ours, stock, ("a", "x"), ("a", "y"), ("b", "y"), ("", ""))
        assert is_compiled(ours)
    for wrong in ((), (casbin.Enforcer.new_model(conf), rules), (conf, 5)):
        expected = outcome(lambda: casbin.Enforcer(*wrong))  # noqa: B023 # at once
        assert outcome(lambda: Enforcer(*wrong)) == expected  # noqa: B023 # at once


def test_model_and_rules_are_loaded_again(files: tuple[str, str]) -> None:
    """What is compiled follows."""
    ours = Enforcer(*files)
    assert ours.enforce("a", "x")
    Path(files[0]).write_text(model("r.obj == p.sub").to_text(), encoding="utf-8")
    ours.load_model()
    ours.load_policy()
    assert ours.enforce_ex("z", "b") == (True, ["b", "y"])
    Path(files[1]).write_text("p, c, z\n", encoding="utf-8")
    ours.load_policy()
    assert ours.batch_enforce([("z", "b"), ("z", "c")]) == [False, True]
    assert is_compiled(ours)


def test_rules_are_saved_as_casbin_saves_them(files: tuple[str, str]) -> None:
    """Our lists are lists to any adapter."""
    ours = Enforcer(*files)
    assert ours.enforce("a", "x")
    ours.get_policy()[0][1] = "z"
    ours.save_policy()
    assert Path(files[1]).read_text(encoding="utf-8") == "p, a, z\np, b, y"
    assert casbin.Enforcer(*files).enforce("a", "z")


def test_filtered_rules_are_loaded(files: tuple[str, str]) -> None:
    """Some, and then some more."""
    ours = Enforcer(files[0], FilteredFileAdapter(files[1]))
    assert ours.get_policy() == []
    wanted = Filter()
    wanted.P, wanted.G = ["b"], []
    ours.load_filtered_policy(wanted)
    assert ours.batch_enforce([("a", "x"), ("b", "y")]) == [False, True]
    assert ours.is_filtered()
    wanted.P = ["a"]
    ours.load_increment_filtered_policy(wanted)
    assert ours.batch_enforce([("a", "x"), ("b", "y")]) == [True, True]
    with pytest.raises(RuntimeError, match="cannot save a filtered policy"):
        ours.save_policy()


class Listening(Adapter):  # type: ignore[misc] # Casbin has no types
    """An adapter that notes what it is asked to keep, and may refuse."""

    def __init__(self, *, takes: bool = True) -> None:
        self.said: list[tuple[Any, ...]] = []
        self.takes = takes

    def load_policy(self, model: Any) -> None:  # noqa: ANN401 # Casbin's model
        """Nothing is there."""

    def add_policy(self, *rule: object) -> bool:
        """Note a rule."""
        self.said.append(("add", *rule))
        return self.takes

    def remove_policy(self, *rule: object) -> bool:
        """Note a rule."""
        self.said.append(("remove", *rule))
        return self.takes


class Watching:
    """A watcher that notes when it is told."""

    def __init__(self, said: list[tuple[Any, ...]]) -> None:
        self.said = said

    def update(self) -> None:
        """Note that something changed."""
        self.said.append(("update",))

    def update_for_add_policy(self, *rule: object) -> None:
        """Note a rule."""
        self.said.append(("told", *rule))


def test_adapter_and_watcher_are_told_what_casbin_tells_them() -> None:
    """Unless one of them is not to be told."""
    said = []
    for kind in (Enforcer, casbin.Enforcer):
        adapter = Listening()
        enforcer = kind(model(roles="g = _, _"), adapter)
        enforcer.set_watcher(Watching(adapter.said))
        enforcer.add_policy("a", "x")
        enforcer.add_grouping_policy("a", "r")
        enforcer.remove_grouping_policy("a", "r")
        enforcer.enable_auto_notify_watcher(auto_notify_watcher=False)
        enforcer.remove_policy("a", "x")
        enforcer.enable_auto_save(auto_save=False)
        enforcer.add_policy("b", "x")
        said.append(adapter.said)
    assert said[0] == said[1]
    assert [what for what, *_ in said[0]] == [
        *("add", "told", "add", "told", "remove", "update", "remove")
    ]


def test_rule_that_the_adapter_refuses_gives_no_link() -> None:
    """Casbin links it all the same, and when it removes a rule keeps the link."""
    ours = Enforcer(model("g(r.sub, p.sub)", roles="g = _, _"), Listening(takes=False))
    ours.enable_auto_save(auto_save=False)
    ours.add_policy("r", "x")
    ours.add_grouping_policy("b", "r")
    ours.enable_auto_save(auto_save=True)
    assert not ours.add_grouping_policy("a", "r")
    assert not ours.enforce("a", "x")
    assert not ours.remove_grouping_policy("b", "r")
    assert ours.get_grouping_policy() == []
    assert not ours.enforce("b", "x")


def test_functions_of_ones_own_and_patterns() -> None:
    """As in Casbin's own tests."""
    found = []
    for kind in (Enforcer, casbin.Enforcer):
        enforcer = kind(
            model("g(r.sub, p.sub, r.obj) && starts(r.obj, p.obj)", roles="g = _, _, _")
        )
        enforcer.add_function("starts", lambda one, other: one.startswith(other))
        assert enforcer.add_named_matching_func("g", casbin.util.key_match)
        assert enforcer.add_named_domain_matching_func("g", casbin.util.key_match)
        assert not enforcer.add_named_matching_func("g9", casbin.util.key_match)
        assert not enforcer.add_named_domain_matching_func("g9", casbin.util.key_match)
        enforcer.add_policy("r", "x")
        enforcer.add_grouping_policies([["a*", "r", "x*"], ["b", "r", "y"]])
        found.append(enforcer)
    asked = [(sub, obj) for sub in ("ab", "b", "r", "c") for obj in ("xy", "y", "x")]
    same(found[0], found[1], *asked)
    assert is_compiled(found[0])


def test_implicit_users_and_permissions_are_casbins() -> None:
    """Casbin's own methods, which ask the enforcer."""
    found = []
    for kind in (Enforcer, casbin.Enforcer):
        enforcer = kind(model("g(r.sub, p.sub) && r.obj == p.obj", roles="g = _, _"))
        enforcer.add_policies([["r", "x"], ["a", "y"]])
        enforcer.add_grouping_policies([["a", "r"], ["b", "r"]])
        found.append(
            (
                enforcer.get_implicit_users_for_permission("x"),
                enforcer.get_implicit_permissions_for_user("a"),
                sorted(enforcer.get_implicit_users_for_resource("x")),
                enforcer.has_permission_for_user("a", "y"),
                enforcer.add_permission_for_user("c", "z"),
                enforcer.delete_permission_for_user("c", "z"),
                enforcer.delete_permission("y"),
                enforcer.delete_role("r"),
                enforcer.get_policy(),
                enforcer.get_grouping_policy(),
            )
        )
    assert found[0] == found[1]
    assert found[0][0] == ["a", "b"]


def test_decisions_are_logged_in_casbins_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Allow as information, deny as a warning."""
    ours = Enforcer(model(), Lines(["p", "a", "x"]))
    ours.logger = logging.getLogger("test.decisions")
    with caplog.at_level(logging.INFO, "test.decisions"):
        ours.enforce("a", "x")
        ours.enforce("b", 5)
    assert [(record.levelname, record.message) for record in caplog.records] == [
        ("INFO", "Request: a, x ---> True"),
        ("WARNING", "Request: b, 5 ---> False"),
    ]
