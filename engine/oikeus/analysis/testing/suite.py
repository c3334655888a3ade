"""A suite: a policy, and the files of cases that test it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from ...errors import PolicyError, Problem
from ...policy.case_texts import read_case_texts
from ...policy.folder import Policies, load_policies
from ...policy.model import Model
from ...terms import Line
from .cases import CaseFile, PolicyCase
from .imagining import imagined_places, named_places
from .mutants import is_of_place
from .reading import read_cases
from .vocabulary import Vocabulary
from .world import World


@dataclass(frozen=True)
class CaseSuite:
    """A policy with its cases.

    Attributes:
        model: what decides.
        policies: what is tested; its own grants take no part.
        files: the cases, each file with its world.
    """

    model: Model
    policies: Policies
    files: tuple[CaseFile, ...]

    @property
    def rules(self) -> Iterator[Line]:
        """The lines that are tested: all but the grants."""
        return (line for line in self.policies.lines if line.ptype != "g")

    @property
    def cases(self) -> Iterator[PolicyCase]:
        """The cases of all files."""
        return (case for file in self.files for case in file.cases)

    @cached_property
    def worlds(self) -> tuple[World, ...]:
        """The worlds of the files, each decided by the policy."""
        rules = tuple(self.rules)
        catalogue = self.policies.catalogue
        return tuple(World(self.model, rules, catalogue, file) for file in self.files)

    @cached_property
    def vocabularies(self) -> tuple[Vocabulary, ...]:
        """All questions that the words of each world can make.

        The last worlds are imagined. One has an organisation of each level, mode and
        status: that the worlds have none of a mode must not hide what the policy says
        of it. The other has the organisations that lines of the policy are about.
        """
        catalogue = self.policies.catalogue
        found = [Vocabulary(each, catalogue, each.file) for each in self.worlds]
        for file, places in self._imagined():
            world = World(self.model, tuple(self.rules), catalogue, places)
            found.append(Vocabulary(world, catalogue, file))
        return tuple(found)

    def _imagined(self) -> Iterator[tuple[CaseFile, CaseFile]]:
        """The worlds that are imagined, and the file that each would be pasted to."""
        if not self.files:
            return
        catalogue = self.policies.catalogue
        yield self.files[0], imagined_places(self.files[0], catalogue)
        lines = [*self.rules]
        named = {line.values[0] for line in lines if is_of_place(line)}
        best = max(self.files, key=lambda file: len(named.intersection(file.places)))
        places = named_places(best, lines, catalogue)
        if places is not None:
            yield best, places

    def selecting(self, text: str) -> CaseSuite:
        """The same with those cases only that speak of a text.

        Args:
            text: the number of a rule, or part of the name of a file or of a why.
        """
        found = (
            replace(file, cases=tuple(c for c in file.cases if c.speaks_of(text)))
            for file in self.files
        )
        return replace(self, files=tuple(file for file in found if file.cases))


def load_suite(folder: Path | str, model: Model) -> CaseSuite:
    """Read a folder of policies and the cases in its folder `tests`.

    Args:
        folder: holds `*.csv`, a catalogue and `tests/*.yaml`.
        model: what the lines are for.

    Raises:
        PolicyError: everything that is wrong in the files of the policy, or else in
            the files of cases; or that there are none.
    """
    policies = load_policies(folder, model)
    texts = read_case_texts(folder)
    files: list[CaseFile] = []
    problems: list[Problem] = [*texts.problems]
    for name, text in texts.files:
        try:
            files.append(read_cases(text, name, policies, model))
        except PolicyError as error:
            problems.extend(error.problems)
    if problems:
        raise PolicyError(problems)
    return CaseSuite(model, policies, tuple(files))
