"""What the catalogue says of questions over HTTP, and what is wrong with it."""

from pathlib import Path

import pytest

from oikeus import PolicyError, load_model, load_policies
from oikeus.policy.authzen import RESERVED, AuthZen, Origin, Place, Powers

HOME = Path(__file__).resolve().parents[3]
EXAMPLE = HOME / "examples" / "authzen"
SECTION = """
authzen:
  organisation: properties.place
  resources:
    record: {organisation: id}
  powers: {type: right, organisation: properties.where, recipient: properties.whom}
  attributes:
    role: context.role
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The example, whose section is yet to be written."""
    for file in (EXAMPLE / "policies").iterdir():
        text, _, _ = file.read_text(encoding="utf-8").partition("\nauthzen:")
        (tmp_path / file.name).write_text(text, encoding="utf-8")
    return tmp_path


def read(folder: Path, section: str) -> AuthZen:
    """Read the example with a section."""
    with (folder / "authzen.yaml").open("a", encoding="utf-8") as file:
        file.write(section)
    model = load_model(EXAMPLE / "model.conf")
    return load_policies(folder, model).catalogue.authzen


def test_nothing_said_is_the_usual(folder: Path) -> None:
    """The property `organisation` says where, and roles are of the type `role`."""
    assert read(folder, "") == AuthZen()
    assert str(AuthZen().organisation_of("record")) == "properties.organisation"


def test_all_that_can_be_said(folder: Path) -> None:
    """Each part has its own place."""
    found = read(folder, SECTION)
    assert found.organisation == Place("place")
    assert found.organisation_of("record") == Place()
    assert str(Place()) == "id"
    assert found.powers == Powers("right", Place("where"), "whom")
    assert found.attributes == {"role": Origin("context", "role")}


@pytest.mark.parametrize(
    ("section", "text"),
    [
        ("authzen:\n  resources: {records: {organisation: id}}\n", "unknown resource"),
        ("authzen:\n  powers: {type: record}\n", "is one of the resources already"),
        ("authzen:\n  attributes: {rôle: context.x}\n", "unknown attribute"),
        ("authzen:\n  attributes: {role: role}\n", "expected a property such as"),
        ("authzen:\n  organisation: place\n", "expected id or a property such as"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(
    folder: Path, section: str, text: str
) -> None:
    """As every fault of a catalogue is."""
    lines = (folder / "authzen.yaml").read_text(encoding="utf-8").count("\n")
    with pytest.raises(PolicyError) as caught:
        read(folder, f"\n{section}")
    (problem,) = caught.value.problems
    assert text in problem.text
    assert problem.line == lines + 3


@pytest.mark.parametrize("member", RESERVED)
def test_attribute_is_no_member_that_the_service_reads_itself(
    folder: Path, member: str
) -> None:
    """It would decide by what was said for another purpose."""
    with pytest.raises(PolicyError) as caught:
        read(folder, f"\nauthzen:\n  attributes: {{role: context.{member}}}\n")
    (problem,) = caught.value.problems
    assert problem.text == (
        f"`context.{member}` says how a question is to be answered, expected another "
        "member of the context"
    )


def test_property_may_have_the_name_of_a_member(folder: Path) -> None:
    """Nobody takes it for that."""
    section = "\nauthzen:\n  attributes: {role: subject.properties.day}\n"
    assert read(folder, section).attributes == {"role": Origin("subject", "day")}


def test_attribute_of_a_model_without_any(folder: Path) -> None:
    """It expects none."""
    (folder / "authzen.yaml").write_text(
        (HOME / "policies" / "ehoks.yaml")
        .read_text(encoding="utf-8")
        .replace("authzen:\n", "authzen:\n  attributes: {role: context.role}\n"),
        encoding="utf-8",
    )
    for file in folder.glob("*.csv"):
        file.unlink()
    for file in (HOME / "policies").glob("*.csv"):
        (folder / file.name).write_text(file.read_text(encoding="utf-8"))
    with pytest.raises(PolicyError) as caught:
        load_policies(folder, load_model(HOME / "model.conf"))
    assert [each.text for each in caught.value.problems] == [
        "unknown attribute `role`, expected none of the model"
    ]
