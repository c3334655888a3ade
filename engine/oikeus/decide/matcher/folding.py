"""Which terms of a matcher are decided when grants are loaded, and which later.

A matcher that insists on a grant, `g(r.sub, p.sub, r.org + "@" + r.day + "@" + p.sub)`,
can be decided from the few grants of the subject. What then depends on the subject
alone, or on its kind and the rule, is the same for every question, and is folded into
what is looked up. A matcher of another form, or one that may raise, is not folded: it
is evaluated as it is written.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from .compiling import called
from .knowledge import Knowledge, terms
from .plan import Plan, as_written
from .planning import equality
from .reading import read

_GRANT = "g({r}_sub, {p}_sub, {r}_org + '@' + {r}_day + '@' + {p}_sub)"
_OTHERS = ("{r}_sub != {p}_sub", "{p}_sub != {r}_sub")
_SUBJECT = frozenset({"r_sub", "r_kind"})
_LINKS = frozenset({"g2", "g3", "g4"})
_KEYS = frozenset({"r_org", "r_obj", "r_act"})


@dataclass(frozen=True, slots=True)
class Folding:
    """The terms of a matcher besides the grant, by what decides them.

    Attributes:
        request: the places of the request's fields that are looked up.
        rule: the places of the rule's fields that they equal, one for each.
        subject: terms that the subject alone decides.
        kind: terms that the subject's kind and the rule decide.
        question: terms that the question alone decides.
        rest: the others, tried on each rule that is left.
    """

    request: tuple[int, ...]
    rule: tuple[int, ...]
    subject: tuple[ast.expr, ...]
    kind: tuple[ast.expr, ...]
    question: tuple[ast.expr, ...]
    rest: tuple[ast.expr, ...]

    def lines(self, plan: Plan) -> Iterator[str]:
        """Say what is done, in the order in which it is done."""
        yield "when rules and grants are loaded:"
        yield "  once for a subject: r.sub != p.sub"
        for term in self.subject:
            yield f"  once for a subject: {as_written(ast.unparse(term))}"
        for term in self.kind:
            text = as_written(ast.unparse(term))
            yield f"  once for a kind of subject and a rule: {text}"
        yield "  once for a role and an organisation: the role can be held there (g4)"
        yield "for a question of which all parts are known:"
        for place, other in zip(self.request, self.rule, strict=True):
            asked = as_written(plan.signature.request[place])
            rule = as_written(plan.signature.rule[other])
            yield f"  look up the rules whose {rule} equals {asked}"
        yield "  look up the organisations at and above r.org (g2)"
        yield "  look up the grants of r.sub (g)"
        for term in self.question:
            yield f"  once for a question: {as_written(ast.unparse(term))}"
        yield "  on each: one of the rules is about its role, its organisation is among"
        yield "    those looked up, and r.day lies in its days"
        for term in self.rest:
            yield f"  on each rule of those: {as_written(ast.unparse(term))}"

    @property
    def functions(self) -> tuple[str, ...]:
        """The functions that are called when a question is decided."""
        return called(conjunction((*self.question, *self.rest)))


def fold(plan: Plan) -> Folding | None:
    """Sort the terms of a matcher; none where it is not of this form."""
    if why_not_folded(plan):
        return None
    signature, rest = plan.signature, insisted(plan)
    grant, *others = grant_terms(plan)
    del rest[grant]
    pairs: dict[int, int] = {}
    sorted_terms: dict[str, list[ast.expr]] = {
        name: [] for name in ("subject", "kind", "question", "rest")
    }
    for text, term in rest.items():
        pair = equality(term, signature)
        if text in others:
            continue  # those who hold themselves are put aside
        if pair and pair[1] not in pairs and signature.request[pair[0]] in _KEYS:
            pairs[pair[1]] = pair[0]
        else:
            sorted_terms[_decided_by(term)].append(term)
    return Folding(
        tuple(pairs.values()),
        tuple(pairs),
        **{name: tuple(found) for name, found in sorted_terms.items()},
    )


def why_not_folded(plan: Plan) -> str:
    """Say why a matcher is not of this form; nothing where it is."""
    knowledge = Knowledge(plan.signature, plain=True)
    rest = insisted(plan)
    grant, *others = grant_terms(plan)
    if rest.pop(grant, None) is None:
        return f"`{as_written(grant)}` is no term of it that must hold by itself"
    for text, term in rest.items():
        if not knowledge.is_test(term):
            return f"`{as_written(text)}` may raise an error"
    if rest.keys().isdisjoint(others):
        return "without `r.sub != p.sub` whoever is named in a rule needs no grant"
    return ""


@lru_cache(maxsize=64)
def needs_grant(plan: Plan) -> bool:
    """Whether a matcher insists on a grant, for the organisation and day asked.

    Both may, that for access and that for powers; to be folded takes more.
    """
    grant, *_ = grant_terms(plan)
    return grant in insisted(plan)


def grant_terms(plan: Plan) -> tuple[str, ...]:
    """The term that asks for a grant, and two of which one forbids to do without.

    They are as `insisted` has them, for the matcher for access or that for powers.
    """
    asked, _, _ = plan.signature.request[0].partition("_")
    held = f"p{asked[1:]}"
    return tuple(form.format(r=asked, p=held) for form in (_GRANT, *_OTHERS))


def insisted(plan: Plan) -> dict[str, ast.expr]:
    """The terms of a matcher that must all hold, by how they are written."""
    signature = plan.signature
    tree = read(plan.text, signature.locals, signature.known)
    return {ast.unparse(term): term for term in terms(tree)}


def _decided_by(term: ast.expr) -> str:
    names = [node.id for node in ast.walk(term) if isinstance(node, ast.Name)]
    fields = {name for name in names if name.startswith(("r_", "p_"))}
    asked = {name for name in fields if name.startswith("r_")}
    if "g" in names:  # grants change more often than what is folded
        return "question" if fields == asked else "rest"
    if asked <= {"r_kind"}:
        return "kind"
    if fields <= _SUBJECT and names.count("r_sub") == len(linked_by(term)):
        return "subject"
    return "question" if fields == asked else "rest"


def linked_by(term: ast.expr) -> list[str]:
    """The kinds of links by which an expression asks what the subject is."""
    return [
        node.func.id
        for node in ast.walk(term)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in _LINKS
        and ast.unparse(node.args[0]) == "r_sub"
        # a word that is put together could be the subject's own, whoever it is
        and _is_word(node.args[1])
    ]


def words(found: tuple[ast.expr, ...]) -> set[str]:
    """The words in quotes; to Casbin a subject that is one leads to it."""
    return {
        node.value
        for term in found
        for node in ast.walk(term)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _is_word(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) or ast.unparse(node) == "r_kind"


def conjunction(found: tuple[ast.expr, ...]) -> ast.expr:
    """All of these terms together; true where there are none."""
    if len(found) == 1:
        return found[0]
    return ast.BoolOp(ast.And(), [*found]) if found else ast.Constant(value=True)
