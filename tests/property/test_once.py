"""JSON in which a key stands twice is found, however it is written."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oikeus.service.bodies import Evaluation, Evaluations, RawEvaluations, SubjectSearch
from oikeus.service.bodies import read as read_body
from oikeus.service.once import check_once, is_whole
from oikeus.service.problems import HttpError

KEYS = ("subject", "resource", "action", "type", "id", "name", "properties", "context")
_letters = st.text(st.sampled_from('ab"\\/{}:,é\n\u2028😀'), max_size=3)


def _written(text: str, *, escapes: bool) -> str:
    """A text as JSON, each letter as it is or escaped."""
    if not escapes:
        return json.dumps(text, ensure_ascii=False)
    units = text.encode("utf-16-be").hex()
    escaped = (f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
    return f'"{"".join(escaped)}"'


_text = st.builds(
    lambda text, escapes: _written(text, escapes=escapes),
    st.sampled_from(KEYS) | _letters,
    escapes=st.booleans(),
)
_plain = _text | st.sampled_from(["1", "-2.5", "true", "false", "null"])


def _nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    blank = st.sampled_from(["", " ", "\n"])
    pair = st.builds("{}{}:{}".format, _text, blank, inner)
    objects = st.lists(pair, max_size=4).map(lambda each: "{" + ",".join(each) + "}")
    return objects | st.lists(inner, max_size=3).map(lambda each: f"[{','.join(each)}]")


TEXTS = st.recursive(_plain, _nested, max_leaves=12)


def has_a_key_twice(text: str) -> bool:
    """Whether it has, as another reader tells."""
    found = []

    def look(pairs: list[tuple[str, Any]]) -> None:
        found.append(len(dict(pairs)) < len(pairs))

    json.loads(text, object_pairs_hook=look)
    return any(found)


def is_refused(text: str) -> bool:
    """Whether it is refused for that."""
    try:
        check_once(text.encode())
    except HttpError:
        return True
    return False


@given(TEXTS)
def test_key_that_stands_twice_is_found_and_nothing_else(text: str) -> None:
    """In any object, by any spelling of it."""
    assert is_refused(text) is has_a_key_twice(text)


QUESTION = {
    "subject": {"type": "person", "id": "1"},
    "action": {"name": "read"},
    "resource": {"type": "hoks", "id": "1", "properties": {"organisation": "1.2"}},
}
SAID: dict[Any, dict[str, Any]] = {
    Evaluation: QUESTION,
    Evaluations: {**QUESTION, "evaluations": [{}, QUESTION], "options": {}},
    RawEvaluations: {**QUESTION, "options": {"evaluations_semantic": "execute_all"}},
    SubjectSearch: {**QUESTION, "page": {"token": "", "limit": 1}},
}


@pytest.mark.parametrize("kind", SAID, ids=lambda kind: kind.__name__)
@given(more=TEXTS, name=st.sampled_from([*KEYS, "evaluations", "options", "page"]))
def test_body_that_is_read_has_each_key_once(kind: Any, more: str, name: str) -> None:  # noqa: ANN401
    """Also where one of the two is passed over, or one makes up for the other."""
    decoder = msgspec.json.Decoder(kind)
    whole = json.dumps(SAID[kind])
    assert read_body(decoder, whole.encode())
    text = f'{whole[:-1]}, "{name}": {more}}}'
    try:
        read_body(decoder, text.encode())
    except HttpError:
        return
    assert not has_a_key_twice(text)


def test_question_as_clients_send_it_is_known_for_whole() -> None:
    """Without a second look, which takes longer."""
    decoder, text = msgspec.json.Decoder(Evaluation), json.dumps(QUESTION).encode()
    assert is_whole(text, decoder.decode(text))
