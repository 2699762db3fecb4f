"""What people add to evaluation: measured effort and human judgement."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from workbench.services.evaluation.effort import Effort, Privacy
from workbench.services.evaluation.judgement import HumanJudgement
from workbench.storage.campaigns import Campaigns
from workbench.storage.database import Database
from workbench.storage.efforts import Efforts
from workbench.storage.evaluations import Evaluations


@dataclass
class Lab:
    """The parts that share the lab's tables, each built when first asked for."""

    database: Database
    evaluations: Evaluations
    measured: bool = True
    people: int = 3
    names: bool = False

    @cached_property
    def effort(self) -> Effort:
        """Time, keys and changes of post-editing."""
        return Effort(Efforts(self.database), Privacy(self.people, self.names), self.measured)

    @cached_property
    def judgement(self) -> HumanJudgement:
        """Campaigns of direct assessment and of marked errors."""
        return HumanJudgement(Campaigns(self.database), self.evaluations)
