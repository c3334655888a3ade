"""The examples of docs/contrib.md answer what the page says that they answer."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from oikeus import Model, Store, apply_policies

Commit = Callable[..., int]
Ask = Callable[..., Any]

READER = "person:1.2.246.562.24.1"
PLACE, ELSEWHERE = "1.2.246.562.10.1", "1.2.246.562.10.2"
LINES = (
    *(("g2", place, "1.2.246.562.10.00000000001") for place in (PLACE, ELSEWHERE)),
    *(("g4", place, "level:oppilaitos") for place in (PLACE, ELSEWHERE)),
    ("g", READER, "role:ehoks-kayttaja", f"{PLACE}@2000-01-01..2099-12-31"),
)


@pytest.fixture
def example(
    repository: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    model: Model,
    commit: Commit,
) -> Iterator[Callable[[str], Any]]:
    """Run the example that defines a name, and give what it is, where one may read."""
    with Store.open(f"sqlite:///{tmp_path / 'oikeus.db'}") as store:
        apply_policies(store, model, repository / "policies", actor="os:tester")
        commit(store, add=LINES)
    monkeypatch.chdir(tmp_path)
    page = (repository / "docs" / "contrib.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    names: dict[str, Any] = {}

    def run(name: str) -> Any:  # noqa: ANN401 # whatever the page defines
        (block,) = (text for text in blocks if f"\n{name} = " in text)
        exec(block, names)  # noqa: S102 - the page is ours
        return names[name]

    yield run
    names["point"].close()


@pytest.mark.parametrize("name", ["app", "api"], ids=["asgi", "fastapi"])
def test_example_lets_a_reader_read_and_nothing_else(
    example: Callable[[str], Any], ask: Ask, name: str
) -> None:
    """At their school; elsewhere, and without a name, it refuses."""
    app = example(name)
    for subject, method, place, status in (
        (READER, "GET", PLACE, 200),
        (READER, "PUT", PLACE, 403),
        (READER, "GET", ELSEWHERE, 403),
        ("person:1.2.246.562.24.2", "GET", PLACE, 403),
        (None, "GET", PLACE, 401),
        ("nobody", "GET", PLACE, 503),
    ):
        state = {"subject": subject}
        answered = ask(app, f"/hoks/{place}", method=method, state=state)
        assert answered.status == status, (subject, method, place)


def test_example_leaves_one_path_open(example: Callable[[str], Any], ask: Ask) -> None:
    """And takes a path that it does not know for an error."""
    app = example("app")
    assert ask(app, "/health", state={}).status == 200
    assert ask(app, "/", state={"subject": READER}).status == 503
