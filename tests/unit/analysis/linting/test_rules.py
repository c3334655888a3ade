"""Checks of rules and powers, which ask the model and read no words."""

import re

import pytest

from .right_policy import FILES, MODEL, edited, found, ids, lint

SCOPED = edited(
    MODEL, "p = sub, obj, act, eft", "p = sub, obj, act, scope, eft"
).replace(
    "r.obj == p.obj && r.act == p.act",
    'r.obj == p.obj && r.act == p.act && (p.scope == "*" || g2(r.org, p.scope))',
)
"""A model whose rules hold under a mode, or everywhere."""

SCOPED_RULES = FILES["rules.csv"].replace(", allow\n", ", *, allow\n")

ATTRIBUTES = edited(
    MODEL,
    "r = sub, kind, org, day, obj, act",
    "r = sub, kind, org, day, obj, act, soft",
)


def scoped(check: str, *rules: str) -> list[str]:
    """What a check finds, where rules have a scope and these stand beside them."""
    more = "".join(f"# R2: as the test wants\n{rule}\n" for rule in rules)
    files = {"rules.csv": SCOPED_RULES, "more.csv": more}
    return found(check, files, model=SCOPED)


def test_right_policy_is_right() -> None:
    """With each of the models that the cases below use."""
    assert lint().findings == ()
    assert lint({"rules.csv": SCOPED_RULES}, model=SCOPED).findings == ()
    assert lint(model=ATTRIBUTES).findings == ()


def test_power_that_the_matcher_never_lets_anybody_use_never_decides() -> None:
    """Whoever holds the role, and wherever."""
    model = edited(
        MODEL,
        "r2.sub != p2.sub && g(r2.sub, p2.sub, r2.org + "
        '"@" + r2.day + "@" + p2.sub) \\\n    && g3(p2.sub, r2.by) && '
        '!g3(r2.sub, "blocked") && r2.sub != r2.to',
        "r2.sub != p2.sub && g(r2.sub, p2.sub, r2.org + "
        '"@" + r2.day + "@" + p2.sub) \\\n    && g3(p2.sub, r2.by) && '
        '!g3(r2.sub, "blocked") && r2.sub != r2.to '
        '&& p2.mode != "mode:paper"',
    )
    places = [each.partition(" ")[0] for each in found("never-decides", model=model)]
    assert places == ["policies/rules.csv:25:", "policies/rules.csv:26:"]


def test_rule_of_a_scope_that_no_place_has_never_decides() -> None:
    """A mode of the catalogue is asked about, whether an organisation has it or not."""
    rules = [
        f"p, role:clerk, file, move, mode:{mode}, allow" for mode in ("screen", "x")
    ]
    (reason,) = scoped("never-decides", *rules)
    assert reason.startswith(f"policies/more.csv:4: `{rules[1]}` can never decide")


def test_rule_that_denies_can_decide() -> None:
    """Although nothing is allowed by it."""
    assert scoped("never-decides", "p, role:clerk, file, move, *, deny") == []


def test_rule_that_a_wider_one_covers_is_redundant() -> None:
    """The wider one is named, and is not redundant itself."""
    narrow = "p, role:clerk, file, read, mode:paper, allow"
    assert scoped("redundant-rule", narrow) == [
        (
            f"policies/more.csv:2: `{narrow}` says nothing that policies/rules.csv:18 "
            "does not say already"
        )
    ]


def test_rules_that_cover_each_other_in_part_are_not_redundant() -> None:
    """Each says something of its own."""
    modes = ("mode:paper", "mode:screen")
    rules = [f"p, role:clerk, file, move, {mode}, allow" for mode in modes]
    assert scoped("redundant-rule", *rules) == []


def test_denying_rule_that_another_one_covers_is_redundant() -> None:
    """It is asked beside a rule that allows the same."""
    rules = [
        f"p, role:head, file, read, {scope}, deny" for scope in ("*", "mode:paper")
    ]
    assert scoped("redundant-rule", *rules) == [
        (
            f"policies/more.csv:4: `{rules[1]}` says nothing that policies/more.csv:2 "
            "does not say already"
        )
    ]
    rules[0] = "p, role:head, file, read, mode:screen, deny"
    assert scoped("redundant-rule", *rules) == []


def test_powers_of_a_model_without_revoking_are_compared_by_granting() -> None:
    """Models of earlier versions have no `m3`."""
    model, _, _ = MODEL.partition("# Who may revoke")
    more = "# R1: the same\np2, role:head, role:clerk, *, *\n"
    assert "m3" not in lint({"more.csv": more}, model=model).findings[0].reason
    assert found("redundant-rule", {"more.csv": more}, model=model) == [
        (
            "policies/rules.csv:25: `p2, role:head, role:clerk, mode:paper, active` "
            "says nothing that policies/more.csv:2 does not say already"
        )
    ]


def test_deny_hides_the_allow_of_its_own_role() -> None:
    """Where both hold."""
    deny = "p, role:clerk, file, read, mode:paper, deny"
    (reason,) = scoped("deny-hides-allow", deny)
    assert reason.endswith(
        "from whoever holds `role:clerk` what policies/rules.csv:18 allows"
    )


def test_deny_hides_the_allows_of_several_roles() -> None:
    """All are named, of whoever holds one of them besides."""
    more = (
        "# R1: as the test wants\np, role:head, file, read, allow\n"
        "p, role:chief, file, read, deny\n"
    )
    (reason,) = found("deny-hides-allow", {"more.csv": more})
    assert reason.endswith(
        "from whoever holds `role:chief` what policies/more.csv:2 and "
        "policies/rules.csv:18 allow"
    )


@pytest.mark.parametrize(
    "deny",
    [
        "p, role:clerk, file, move, *, deny",
        "p, role:robot, file, read, *, deny",
        "p, role:head, file, read, mode:x, deny",
    ],
)
def test_deny_of_something_else_hides_nothing(deny: str) -> None:
    """Another action, another kind of holder, a scope that nothing has."""
    assert scoped("deny-hides-allow", deny) == []


def test_model_with_attributes_is_asked_about_powers_only() -> None:
    """What callers send, nobody can list."""
    words = FILES["words.yaml"].replace(
        "      move:", "      burn: {fi: p, sv: b, en: b}\n      move:"
    )
    more = (
        "# R2: as the test wants\np, role:head, file, read, deny\n"
        "p2, role:head, role:clerk, *, active\n"
    )
    files = {"words.yaml": words, "more.csv": more}
    assert ids(lint(files, model=ATTRIBUTES)) == {"redundant-rule"}
    assert ids(lint(files)) == {
        "redundant-rule",
        "action-nobody-has",
        "deny-hides-allow",
    }


def test_numbers_are_asked_for_only_where_others_have_one() -> None:
    """A policy may follow no numbered rules."""
    cited = re.compile(r"^# [A-Z0-9, ]+: ", re.MULTILINE)
    csv = {name: text for name, text in FILES.items() if name.endswith(".csv")}
    bare = {name: cited.sub("# ", text) for name, text in csv.items()}
    assert lint(bare).findings == ()
    one = {**bare, "more.csv": "# R4: moves\np, role:clerk, file, move, allow\n"}
    assert ids(lint(one)) == {"no-rule-number"}


def test_model_that_compares_no_field_of_a_power_is_not_indexed() -> None:
    """Each question about a power is then held against all powers."""
    model = MODEL.replace("r2.role == p2.role", "keyMatch(r2.role, p2.role)")
    (reason,) = found("matcher-not-indexed", model=model)
    assert reason == (
        "model.conf:67: `m2` is tried on every rule: no term of it must equal a field "
        "of the question and one of the power"
    )
