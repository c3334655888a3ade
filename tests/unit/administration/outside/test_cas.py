"""Role strings of CAS are matched whole."""

import json

import pytest

from oikeus.administration.outside.cas import read_cas
from oikeus.administration.outside.entries import Reading


def read(*roles: object, **more: object) -> Reading:
    """Read what a holder with these roles has."""
    value = {"oidHenkilo": "9", "kayttajaTyyppi": "OFFICIAL", "roles": [*roles]} | more
    return read_cas(json.dumps([value]), "a.json", "FILES")


def rights(found: Reading) -> list[tuple[str, str, str]]:
    """The rights that were read: word, organisation, path."""
    return [
        (right.word, right.organisation, right.place.path)
        for entry in found.entries
        for right in entry.rights
    ]


@pytest.mark.parametrize(
    ("role", "word"),
    [
        ("ROLE_APP_FILES_READ_1.2.246", "READ"),
        ("ROLE_APP_FILES_FILE_DELETE_1.2.246", "FILE_DELETE"),
        # of the service FILES_ADMIN, or a right ADMIN_READ: a word that means no role
        ("ROLE_APP_FILES_ADMIN_READ_1.2.246", "ADMIN_READ"),
    ],
)
def test_right_stands_between_service_and_organisation(role: str, word: str) -> None:
    """All of what stands there is the right's word."""
    found = read(role)
    assert rights(found) == [(word, "1.2.246", "$[0].roles[0]")]
    assert (found.problems, found.reported, found.ignored) == ([], [], 0)


@pytest.mark.parametrize(
    "role",
    [
        "ROLE_APP_FILES",
        "ROLE_APP_FILES_READ",
        "ROLE_APP_FILES_FILE_DELETE",
        "ROLE_APP_MYFILES_READ_1.2.246",
        "ROLE_APP_FILESX_READ_1.2.246",
        "ROLE_APP_OTHER_READ_1.2.246",
        "ROLE_APP_OTHER_FILES_READ_1.2.246",
        "APP_FILES_READ_1.2.246",
        "role_app_files_read_1.2.246",
        "xROLE_APP_FILES_READ_1.2.246",
        "READ",
        "",
    ],
)
def test_role_of_another_service_or_at_no_organisation_is_passed_over(
    role: str,
) -> None:
    """It is counted, and gives nothing."""
    found = read(role)
    assert rights(found) == []
    assert (found.problems, found.reported, found.ignored) == ([], [], 1)


@pytest.mark.parametrize(
    "role",
    [
        "ROLE_APP_FILES_READ_1.2.3_4",
        "ROLE_APP_FILES_READ_1.2.246 ",
        "ROLE_APP_FILES_READ_1.2.246\n",
        "ROLE_APP_FILES_READ_1.2.",
        "ROLE_APP_FILES_READ_1..2",
        "ROLE_APP_FILES__1.2.246x",
        "ROLE_APP_FILES_RE-AD_1.2.246",
        "ROLE_APP_FILES_READ_ROLE_APP_FILES_READ_1.2.²",
    ],
)
def test_role_that_only_begins_right_is_reported(role: str) -> None:
    """It is of no known form, so that nobody can say where it holds."""
    found = read(role)
    assert rights(found) == []
    (note,) = found.reported
    assert (note.path, found.problems, found.ignored) == ("$[0].roles[0]", [], 0)
    assert note.text.endswith(
        "is not of the form ROLE_APP_FILES_RIGHT_ORGANISATION, not imported"
    )


def test_name_of_a_service_is_no_pattern() -> None:
    """What it holds stands for itself."""
    found = read_cas(
        json.dumps({"oid": "9", "roles": ["ROLE_APP_FxLES_READ_1.2"]}),
        "a.json",
        "F.LES",
    )
    assert (rights(found), found.ignored) == ([], 1)


def test_authorities_are_read_like_roles() -> None:
    """As texts or as objects; a holder may have both lists."""
    given = [{"authority": "ROLE_APP_FILES_READ_1.2", "x": 1}, "ROLE_APP_FILES_GO_1.3"]
    found = read("ROLE_APP_FILES_READ_1.4", authorities=given)
    assert rights(found) == [
        ("READ", "1.4", "$[0].roles[0]"),
        ("READ", "1.2", "$[0].authorities[0].authority"),
        ("GO", "1.3", "$[0].authorities[1]"),
    ]
    assert rights(read(roles=None, authorities=given)) == [
        ("READ", "1.2", "$[0].authorities[0].authority"),
        ("GO", "1.3", "$[0].authorities[1]"),
    ]


LONG = "1." + "2" * 300


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"oid": "9"}, "$: has no `roles`, expected a list of role strings"),
        ({"username": "9", "roles": []}, "$: has no `oidHenkilo` or `oid`"),
        (
            {"oid": "9", "oidHenkilo": "8", "roles": []},
            "$: has `oidHenkilo` `8` and `oid` `9`, expected the same",
        ),
        (
            {"oid": "9", "roles": "ROLE_APP_FILES_READ_1.2"},
            ("$.roles: is `ROLE_APP_FILES_READ_1.2`, expected a list of role strings"),
        ),
        (
            {"oid": "9", "roles": [{"authority": 3}]},
            "$.roles[0]: is a mapping, expected a role string, or one as `authority`",
        ),
        (
            {"oid": "9", "roles": [f"ROLE_APP_FILES_READ_{LONG}"]},
            (
                f"$.roles[0]: `{LONG[:60]}…` is longer than 255 characters, the most "
                "there may be"
            ),
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_path(value: object, expected: str) -> None:
    """A user name is no id, and two ids are of nobody."""
    found = read_cas(json.dumps(value), "a.json", "FILES")
    assert [str(problem) for problem in found.problems] == [f"a.json: {expected}"]


def test_two_ids_may_say_the_same() -> None:
    """CAS and the user-rights service name it differently."""
    found = read("ROLE_APP_FILES_READ_1.2", oid="9")
    assert (found.entries[0].oid, found.problems) == ("9", [])
    assert len(read("ROLE_APP_FILES_READ_1.2", oid=3).problems) == 1
