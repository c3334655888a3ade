"""Every command explains itself, and its example does what it says."""

import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from oikeus import make_key, today_in_finland
from oikeus_cli.main import cli

Run = Callable[..., Any]


def walk(command: click.Command, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The words by which each command is called, groups included."""
    if words:
        yield words
    if isinstance(command, click.Group):
        for name, each in command.commands.items():
            yield from walk(each, (*words, name))


COMMANDS = tuple(walk(cli, ()))
ALL = ((), *COMMANDS)
NEGATIVE = (("explain",), ("diff",))
ENDING = tuple(words for words in ALL if words != ("serve",))
"""Those that end by themselves: test_serve.py is about the other one."""


APPLICATIONS = ("requests", "approve", "reject", "withdraw")
ACTS = ("grant", "renew", "revoke", "credential", "request", *APPLICATIONS)


def examples_in(text: str) -> list[str]:
    """The commands of the example at the end of a help text."""
    _, mark, after = text.partition("\n  Example: ")
    assert mark, "there is no example"
    return after.replace("\\\n", "").split("&&")


def test_all_commands_of_the_command_line_are_there() -> None:
    """As the command line was specified."""
    assert {" ".join(words) for words in COMMANDS} == {
        *("apply", "check", "import", "import organisations", "import grants"),
        *("import kayttooikeus", "import cas"),
        *("decide", "explain", "who-can", "what-can", "where-can", "may-grant"),
        *("who-could", "what-could"),
        *("show", "show roles", "show rules", "show organisations", "show grants"),
        *("show blocks", "show plan", "show version", "show invariants"),
        *("log", "blame", "replay", "export"),
        "paths",
        *("verify", "checkpoint", "key", "key create", "key show"),
        *("plan", "diff", "rollback", "restore", "sign"),
        "test",
        *("grant", "renew", "revoke", "credential", "credential create"),
        "credential remove",
        *("request", "requests", "approve", "reject", "withdraw"),
        *("review", "block", "unblock", "doctor", "db", "db migrate", "db accept"),
        *("token", "token create", "token list", "token revoke"),
        *("serve", "openapi"),
    }


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_help_of_every_command_ends_with_an_example(
    oikeus: Run, words: tuple[str, ...]
) -> None:
    """On stdout, without a database, and with nothing cut."""
    for option in ("--help", "-h"):
        ended = oikeus(*words, option)
        assert (ended.code, ended.err) == (0, "")
        assert ended.out.startswith(" ".join(("Usage: oikeus", *words, "[OPTIONS]")))
        assert "..." not in ended.out.replace("[ARGS]...", "").replace("FILES...", "")
        for example in examples_in(ended.out):
            assert shlex.split(example)[0] == "oikeus"
            # a group's example may be of any command in it
            assert all(word in example for word in words)


@pytest.mark.parametrize("words", ENDING, ids=" ".join)
def test_example_of_every_command_works(
    oikeus: Run, words: tuple[str, ...], world: Path, checkout: Path
) -> None:
    """In the example world, from the folder that it was checked out to."""
    assert world.parent == checkout
    make_key(checkout / "private.pem", checkout / "public.pem")
    if words == ("sign",):
        edited = (checkout / "policies" / "grants.csv").read_text(encoding="utf-8")
        (checkout / "policies" / "grants.csv").write_text(f"\n{edited}")
        assert oikeus("plan", "policies", "--out", "change.plan").code == 3
    if words and words[0] in ACTS:
        # of people whose rights do not end with the year
        for file in ("examples/administrators.csv",):
            assert oikeus("import", "grants", file).code == 0
    if words == ("credential", "remove"):
        (made,) = examples_in(oikeus("credential", "create", "--help").out)
        made = made.replace("keuda-uusi", "keuda-vanha")
        assert oikeus(*shlex.split(made)[1:]).code == 0
    if words == ("renew",):
        (giving,) = examples_in(oikeus("grant", "--help").out)
        today = str(today_in_finland())
        assert oikeus(*shlex.split(giving)[1:], "--until", today).code == 0
    if words and words[0] in APPLICATIONS:
        (asking,) = examples_in(oikeus("request", "--help").out)
        assert oikeus(*shlex.split(asking)[1:]).code == 0
    if words in (("token", "list"), ("token", "revoke")):
        (creating,) = examples_in(oikeus("token", "create", "--help").out)
        assert oikeus(*shlex.split(creating)[1:]).code == 0
    for example in examples_in(oikeus(*words, "--help").out):
        arguments = shlex.split(example)[1:]
        if "--db" in arguments:
            arguments = arguments[2:]  # nobody has that server
        ended = oikeus(*arguments)
        assert ended.code == (3 if words in NEGATIVE else 0), ended.err
        assert ended.out
        assert "error" not in ended.err


def test_global_options_are_documented_on_every_command(oikeus: Run) -> None:
    """They may stand after the command's name as well."""
    for words in ALL:
        help_text = oikeus(*words, "--help").out
        if not words or not help_text.count("COMMAND [ARGS]"):
            assert "--db URL" in help_text
            assert "--format [text|json" in help_text


def test_without_a_command_the_help_is_shown_as_a_usage_error(oikeus: Run) -> None:
    """A script that forgot the command must not go on."""
    ended = oikeus()
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == oikeus("--help").out


def test_version_is_told(oikeus: Run) -> None:
    """On stdout, for scripts."""
    ended = oikeus("--version")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("oikeus, version ")
