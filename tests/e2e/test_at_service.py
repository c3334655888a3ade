"""Acts of the command at a service, over HTTP: administration as it is served."""

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import Headers

from oikeus import Administration, Scope, Store
from oikeus.runtime import connect
from oikeus.service.administering.endpoints import administration_routes
from oikeus.service.callers import Caller
from oikeus.service.node import Decided, Node, Observer

Run = Callable[..., Any]

GRANTER = "person:1.2.246.562.24.90100000012"
RIGHT = (
    "person:1.2.246.562.24.90100000077",
    "ehoks-kayttaja",
    "1.2.246.562.10.90101000000",
)


ENDED = "2026-09-30"
TOKEN = f"oik_1_{'0' * 64}"


class Known:
    """Takes whoever comes for the granter."""

    def caller(self, headers: Headers) -> Caller:
        """The granter, where the token came over."""
        assert headers["authorization"] == f"Bearer {TOKEN}"
        return Caller("token:1", GRANTER, frozenset(Scope))

    def check(self, caller: Caller) -> None:
        """They stay known."""


class Nobody(Observer):
    """Learns of nothing."""

    def decided(self, decided: Decided) -> None:
        """Pass it over."""


@pytest.fixture
def server(
    oikeus: Run, world: Path, examples: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Administration of the example world, at a port of this machine."""
    assert oikeus("import", "grants", examples / "administrators.csv").code == 0
    url = f"sqlite:///{world}"
    store = Store.open(url, create=False)
    with connect(url, every=None) as point:
        node = Node(
            point=point,
            authenticator=Known(),
            observer=Nobody(),
            administration=Administration(store, actor="service"),
        )
        app = Starlette(routes=administration_routes(node))
        config = uvicorn.Config(app, port=0, log_config=None, lifespan="off")
        served = uvicorn.Server(config)
        thread = threading.Thread(target=served.run)
        thread.start()
        while not served.started:
            time.sleep(0.01)
        port = served.servers[0].sockets[0].getsockname()[1]
        monkeypatch.setenv("OIKEUS_TOKEN", TOKEN)
        yield f"http://127.0.0.1:{port}"
        served.should_exit = True
        thread.join()
    store.close()


def test_acts_at_a_service_are_those_of_the_token(oikeus: Run, server: str) -> None:
    """Granted, renewed, and taken away, as at the database."""
    at = ("--server", server)
    done = oikeus(*at, "grant", *RIGHT, "--reason", "new teacher")
    assert (done.code, done.err) == (0, "")
    assert " granted ehoks-kayttaja to " in done.out
    again = oikeus("grant", *RIGHT, *at)
    assert again.out.startswith("no change: ")
    assert " revoked ehoks-kayttaja from " in oikeus(*at, "revoke", *RIGHT).out
    gone = oikeus(*at, "revoke", *RIGHT)
    assert gone.code == 3
    assert gone.err.startswith("refused: there is no such grant to revoke")


def test_token_and_as_exclude_each_other(oikeus: Run, server: str) -> None:
    """So do a database and a service; what needs the one says so."""
    named = oikeus("--server", server, "grant", *RIGHT, "--as", GRANTER)
    assert (named.code, "expected no --as" in named.err) == (2, True)
    both = oikeus("grant", *RIGHT, "--server", server, "--db", "sqlite:///oikeus.db")
    assert (both.code, "--db and --server name two places" in both.err) == (2, True)
    blame = oikeus("--server", server, "blame")
    assert (blame.code, "works on a database" in blame.err) == (2, True)


def test_log_is_the_same_at_a_service(oikeus: Run, server: str) -> None:
    """As text and as JSON, with the grants of each version."""
    assert oikeus("--server", server, "grant", *RIGHT).code == 0
    for words in (("log",), ("log", "--format", "json"), ("log", "--limit", "2")):
        assert oikeus(*words, "--server", server) == oikeus(*words)
    none = oikeus("--server", server, "log", "--role", "nope")
    text = "no version is about the role `nope`, expected one of the policy's"
    assert (none.code, none.err) == (1, f"error: {text}\n")


def test_lists_are_the_same_at_a_service(oikeus: Run, server: str) -> None:
    """Of a token that may audit: what has not ended, and all organisations."""
    for words in (
        ("show", "grants"),
        ("show", "grants", "--role", "vastuukayttaja"),
        ("show", "grants", "--subject", RIGHT[0], "--organisation", RIGHT[2]),
        ("show", "organisations"),
    ):
        there, here = oikeus(*words, "--server", server), oikeus(*words)
        lines = here.out.splitlines(keepends=True)
        assert (there.code, there.err) == (here.code, here.err)
        assert there.out == "".join(line for line in lines if ENDED not in line)
        asked = (*words, "--format", "json", "--server", server)
        found = json.loads(oikeus(*asked).out)
        assert ["\t".join(each.values()) for each in found] == [
            line.strip(" ") for line in there.out.splitlines()
        ]
    nobody = oikeus("show", "grants", "--server", server, "--organisation", "1.9")
    assert (nobody.code, nobody.err) == (0, "none with organisation `1.9`\n")
    then = oikeus("show", "organisations", "--server", server, "--as-of", "1")
    assert (then.code, "expected no --as-of" in then.err) == (2, True)


def test_token_file_is_for_its_owner_only(oikeus: Run, server: str, desk: Path) -> None:
    """Whoever else can read it could act."""
    file = desk / "token"
    file.write_text(f"{TOKEN}\n")
    ask = ("--server", server, "--token-file", file, "requests")
    os.chmod(file, 0o644)  # noqa: PTH101 # for all to read
    refused = oikeus(*ask)
    assert (refused.code, "others can read" in refused.err) == (1, True)
    assert TOKEN not in refused.err
    file.chmod(0o600)
    assert oikeus(*ask).code == 0
