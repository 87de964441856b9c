"""One transition while it happens: what an effect reads and what it may write."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from gongzhi.access.actor import Actor
from gongzhi.acts.drafts import Subject
from gongzhi.catalogue.procedure import Verb
from gongzhi.files import actions as files
from gongzhi.kernel import ids
from gongzhi.matters.clocks import Clocks, Concern
from gongzhi.matters.models import Fact, Matter
from gongzhi.matters.relations import is_among
from gongzhi.matters.rules import Doer
from gongzhi.matters.situation import Situation


@dataclass(slots=True, kw_only=True)
class Step:
    """matter: locked row; whoever changes lead, handler or category sets them here, `perform` saves.

    form: cleaned · limits: of the routing in force, an effect that routes anew replaces them · names: words for the act ·
    concerns: facts with clocks of their own that this verb is about.
    """

    matter: Matter
    situation: Situation
    verb: Verb
    form: Mapping[str, Any]
    doer: Doer
    by: Actor
    at: datetime
    to_state: str
    clocks: Clocks
    limits: Mapping[str, Any]
    names: dict[str, str] = field(default_factory=dict)
    concerns: list[Concern] = field(default_factory=list)

    def add(self, model: type[Fact], **values: Any) -> UUID:
        """Write a fact of this matter, by this doer, now."""
        fact = model(id=ids.uuid7(self.at), matter=self.matter, at=self.at, by=self.by.reference, **values)
        fact.save(force_insert=True)
        return fact.id

    def end(self, model: type[Fact], **which: Any) -> None:
        """The current facts of this kind stop to count. Costs nothing when there is none."""
        if self.situation.facts.current(model.kind):
            model._default_manager.filter(matter=self.matter, ended_at__isnull=True, **which).update(
                ended_at=self.at
            )

    def attach(self, code: str) -> list[str]:
        """Attach the files of a form field; their ids as text."""
        given: list[UUID] = self.form.get(code) or []
        if given:
            files.attach(
                file_ids=given,
                subject=Subject("matters.matter", self.matter.id),
                by=self.by,
                at=self.at,
                area_path=self.matter.area_path,
            )
        return [str(id_) for id_ in given]

    @property
    def role(self) -> str:
        """In which the doer may do this verb; "" without one."""
        return next(
            (who.role for who in self.verb.who if is_among(who.role, who.relation, self.doer.relations)), ""
        )

    @property
    def organisation_id(self) -> UUID | None:
        """On whose behalf the doer decides: their own unit, never one that would hide a conflict."""
        return min(self.doer.organisations, default=None)
