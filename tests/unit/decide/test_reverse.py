"""Requirements on reverse questions: who may, what may somebody, and where."""

from __future__ import annotations

from oikeus.decide.reverse import Permission

from .small_world import POLICY, held, model_with, point

USERS = (
    held("person:2", "user", "north"),
    held("person:1", "user", "north-school"),
    held("person:3", "user", "south"),
    held("person:4", "user", "north", "2025"),
    held("system:1", "robot", "north"),
    held("person:5", "user", "north"),
    "g3, person:5, blocked",
)

WITHOUT_GRANTS = model_with(
    m='g3(p.sub, r.kind) && !g3(r.sub, "blocked") && r.obj == p.obj && r.act == p.act'
)
ITSELF = model_with(
    m='g(r.sub, p.sub, r.org + "@" + r.day + "@" + p.sub) '
    "&& r.obj == p.obj && r.act == p.act"
)
AT_THE_ROOT = model_with(
    m='g(r.sub, p.sub, "root@" + r.day + "@" + p.sub) '
    "&& r.obj == p.obj && r.act == p.act"
)


def test_who_can_lists_those_who_may_here_sorted() -> None:
    """Those above the place count; ended grants, blocked subjects and others do not."""
    asked = point(*USERS)
    assert asked.who_can("read", "plan", "north-office") == ("person:1", "person:2")
    assert asked.who_can("read", "plan", "north") == ("person:2",)
    assert asked.who_can("send", "plan", "north") == ("system:1",)
    assert asked.who_can("burn", "plan", "north") == ()
    assert asked.who_can("read", "plan", "mars") == ()


def test_where_can_lists_the_organisations_in_the_order_of_the_tree() -> None:
    """A grant is good for its organisation and all below."""
    asked = point(*USERS, held("person:2", "user", "south"))
    assert asked.where_can("person:2", "read", "plan") == (
        "north",
        "south",
        "north-school",
        "north-office",
    )
    assert asked.where_can("person:1", "read", "plan") == (
        "north-school",
        "north-office",
    )
    assert asked.where_can("person:4", "read", "plan") == ()
    assert asked.where_can("person:9", "read", "plan") == ()


def test_what_can_lists_actions_with_their_organisations() -> None:
    """Anywhere, or at one organisation."""
    asked = point(*USERS, "p, role:user, report, read, allow")
    below = ("north-school", "north-office")
    assert asked.what_can("person:1") == (
        Permission("read", "plan", below),
        Permission("read", "report", below),
    )
    assert asked.what_can("person:1", "north-office") == (
        Permission("read", "plan", ("north-office",)),
        Permission("read", "report", ("north-office",)),
    )
    assert asked.what_can("person:1", "north") == ()


def test_who_may_grant_lists_those_with_the_power_here() -> None:
    """The recipient is none of them."""
    asked = point(
        held("person:2", "boss", "north"),
        held("person:1", "boss", "north"),
        held("person:3", "boss", "south"),
        held("person:4", "chief", "root"),
    )
    assert asked.who_may_grant("person:9", "user", "north") == ("person:1", "person:2")
    assert asked.who_may_grant("person:1", "user", "north") == ("person:2",)
    assert asked.who_may_grant("person:9", "boss", "south") == ("person:4",)
    assert asked.who_may_grant("person:9", "user", "south") == ()


def test_a_place_that_the_register_has_not_brought_is_listed_last() -> None:
    """A grant there decides when a row gives it a level, so it is not left out."""
    attic = ["g4, attic, level:school", "g2, cellar, attic"]
    rows = [
        *attic,
        held("person:1", "user", "attic"),
        held("person:1", "user", "south"),
    ]
    asked = point(*rows)
    assert asked.allows("person:1", "read", "plan", "attic")
    assert asked.where_can("person:1", "read", "plan") == ("south", "cellar", "attic")
    assert asked.who_can("read", "plan", "attic") == ("person:1",)


def test_a_grant_on_a_mode_gives_nothing_to_any_question() -> None:
    """To Casbin a mode is above what it hangs on; a grant there is inert."""
    rows = ["g4, mode:auto, level:provider", held("person:1", "user", "mode:auto")]
    asked = point(*rows, "g2, mode:auto, south")
    assert len(asked.inert) == 1
    assert not asked.allows("person:1", "read", "plan", "north-school")
    assert asked.who_can("read", "plan", "north-school") == ()
    assert asked.where_can("person:1", "read", "plan") == ()


def test_what_hangs_on_a_mode_is_found_by_all_questions_alike() -> None:
    """No file may say so, but the model follows a link from a mode to a place."""
    asked = point("g2, mode:auto, south", held("person:1", "user", "south"))
    places = ("north", "south", "north-school", "north-office")
    for place in places:
        assert asked.allows("person:1", "read", "plan", place)
        assert asked.who_can("read", "plan", place) == ("person:1",)
    assert asked.where_can("person:1", "read", "plan") == places


def test_rows_that_no_question_can_name_are_left_out() -> None:
    """They do not keep a question from being answered."""
    asked = point(
        *USERS,
        held("person:a'b", "user", "north"),
        held("anna", "user", "north"),
        "p, role:user, plan, a'b, allow",
        "p, role:user, , read, allow",
        "g2, a'b, north-school",
        "g2, , north-school",
    )
    assert asked.who_can("read", "plan", "north") == ("person:2",)
    assert asked.where_can("person:1", "read", "plan") == (
        "north-school",
        "north-office",
    )
    assert [found.action for found in asked.what_can("person:1")] == ["read"]


def test_a_matcher_that_asks_for_no_grant_leaves_out_nobody_that_lines_name() -> None:
    """Then anybody could be allowed; those are listed who can be known."""
    asked = point(*USERS, model=WITHOUT_GRANTS)
    everybody = ("person:1", "person:2", "person:3", "person:4")
    assert asked.who_can("read", "plan", "mars") == everybody
    assert asked.where_can("person:9", "read", "plan") == (
        "root",
        "north",
        "south",
        "bare",
        "north-school",
        "north-office",
    )


def test_a_rule_may_name_a_subject_instead_of_a_role() -> None:
    """Casbin lets everybody stand for themselves, unless the matcher forbids it."""
    rule = "p, person:7, plan, read, allow"
    asked = point(rule, *USERS, model=ITSELF)
    assert asked.allows("person:7", "read", "plan", "bare")
    assert asked.who_can("read", "plan", "bare") == ("person:7",)
    assert "bare" in asked.where_can("person:7", "read", "plan")
    assert point(rule).who_can("read", "plan", "bare") == ()


def test_a_matcher_that_asks_for_another_place_leaves_out_nobody() -> None:
    """Candidates are left out only where the place asked is the one that counts."""
    rows = [*USERS, "g4, root, level:school", held("person:6", "user", "root")]
    asked = point(*rows, model=AT_THE_ROOT)
    assert asked.who_can("read", "plan", "mars") == ("person:6",)
    assert len(asked.where_can("person:6", "read", "plan")) == 6


def test_a_matcher_of_one_term_is_understood() -> None:
    """The term stands for itself."""
    model = model_with(m='g(r.sub, p.sub, r.org + "@" + r.day + "@" + p.sub)')
    asked = point(*USERS, model=model)
    assert asked.who_can("anything", "at all", "south") == ("person:3",)


def test_without_a_policy_nobody_can_anything() -> None:
    """All lists are empty."""
    asked = point(*USERS, policy=POLICY.partition("# R3")[0])
    assert asked.who_can("read", "plan", "north") == ()
    assert asked.where_can("person:1", "read", "plan") == ()
    assert asked.what_can("person:1") == ()
