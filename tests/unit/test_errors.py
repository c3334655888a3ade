"""Errors build their own text, and one root catches them all."""

from __future__ import annotations

import inspect

import pytest

from oikeus import errors
from oikeus.errors import OikeusError, PolicyError, PolicySyntaxError, Problem

ALL = [value for value in vars(errors).values() if inspect.isclass(value)]


def test_every_error_descends_from_one_root() -> None:
    """Who catches the root has caught every refusal of the library."""
    raised = [error for error in ALL if issubclass(error, Exception)]
    assert len(raised) > 10
    assert all(issubclass(error, OikeusError) for error in raised)
    assert all(error.__name__.endswith("Error") for error in raised)


def test_conflicting_distributions_are_named_with_the_cure() -> None:
    """What overwrites the files that decide can be copied into a command."""
    error = errors.InstallationError(iter(["casbin", "other"]))
    assert error.names == ("casbin", "other")
    assert "`pip uninstall casbin other`" in str(error)


def test_a_problem_names_file_and_line() -> None:
    """A problem is printed so that an editor can jump to it."""
    assert str(Problem("policies/a.csv", 7, "is wrong")) == "policies/a.csv:7: is wrong"


def test_a_problem_of_a_whole_file_has_no_line() -> None:
    """A file that cannot be read has no line to point at."""
    assert str(Problem("policies/a.csv", 0, "is wrong")) == "policies/a.csv: is wrong"


@pytest.mark.parametrize(
    "error", [PolicyError, PolicySyntaxError, errors.RegisterError]
)
def test_an_error_lists_every_problem_once_in_order(error: type[PolicyError]) -> None:
    """Problems come by file and line, however they were found."""
    first, second, third = (
        Problem("a.csv", 2, "x"),
        Problem("a.csv", 10, "x"),
        Problem("b.csv", 1, "x"),
    )
    raised = error(iter([third, second, first, second]))
    assert raised.problems == (first, second, third)
    assert str(raised) == "a.csv:2: x\na.csv:10: x\nb.csv:1: x"


def test_an_error_of_syntax_is_an_error_of_policy() -> None:
    """Who catches refused policies has caught unreadable ones."""
    assert issubclass(PolicySyntaxError, PolicyError)
