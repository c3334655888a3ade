"""What a check sees: the files of a policy, and what would be in force with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from ...decide.matcher.folding import words
from ...decide.snapshot import Snapshot
from ...policy.case_texts import CaseTexts
from ...policy.catalogue import Catalogue
from ...policy.folder import FolderTexts, Policies
from ...policy.model import Model
from ...policy.yaml_source import Document, read_yaml
from ...terms import Grant, Line
from .stage import Stage, make_stage


@dataclass(frozen=True)
class Examined:
    """A policy that can be loaded.

    Attributes:
        folder: where its files are.
        texts: what stands in them.
        cases: what stands in its files of cases; nothing where it has none.
        policies: what they say.
        snapshot: the files laid over what is in force: the register, grants.
        day: the day on which it is looked at.
    """

    folder: Path
    texts: FolderTexts
    cases: CaseTexts
    policies: Policies
    snapshot: Snapshot
    day: date

    @property
    def model(self) -> Model:
        """What the lines are for."""
        return self.snapshot.model

    @property
    def catalogue(self) -> Catalogue:
        """The words."""
        return self.policies.catalogue

    def lines(self, *ptypes: str) -> Iterator[Line]:
        """The files' own lines of these kinds."""
        return (line for line in self.policies.lines if line.ptype in ptypes)

    @cached_property
    def first_grants(self) -> dict[Grant, Line]:
        """The grants of the files, with their lines."""
        return {Grant.parse(line): line for line in self.lines("g")}

    @cached_property
    def document(self) -> Document:
        """The catalogue, with the line of each of its words."""
        name, text = self.texts.catalogue_file, self.policies.catalogue_text
        return read_yaml(text, name, "catalogue")

    def place(self, *path: str | int) -> tuple[str, int]:
        """Where something stands in the catalogue."""
        return self.document.file, self.document.line(*path)

    @cached_property
    def has_register(self) -> bool:
        """Whether there is any organisation below the root."""
        tree = self.snapshot.tree
        return any(place not in tree.roots for place in tree)

    @cached_property
    def named(self) -> frozenset[str]:
        """The words in quotes that the matchers name."""
        return frozenset(words(tuple(self.model.matchers.values())))

    @cached_property
    def usable(self) -> tuple[Line, ...]:
        """The powers that somebody can use somewhere."""
        return tuple(self.stage.usable())

    @cached_property
    def stage(self) -> Stage:
        """Imagined people at imagined places, to put questions to the model."""
        return make_stage(self.model, self.catalogue, self.policies.lines, self.day)
