"""The composition root: Settings → Workbench, the one object that cli, web and ui use."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import SettingsError
from workbench.settings import Settings, find_data

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.domain.ports import EngineInfo, Translator
    from workbench.engines import Endpoint, ModelSource
    from workbench.services.checks import Checks
    from workbench.services.concordance import Concordance
    from workbench.services.drafting import Drafting
    from workbench.services.enforcement import Enforcement
    from workbench.services.evaluation.evaluator import Evaluator
    from workbench.services.evaluation.lab import Lab
    from workbench.services.evaluation.runs import Runs
    from workbench.services.export import Export
    from workbench.services.harvest.queue import Harvest
    from workbench.services.intake import Intake
    from workbench.services.memory import Memory
    from workbench.services.memory_analysis import MemoryAnalysis
    from workbench.services.memory_findings import MemoryFindings
    from workbench.services.memory_imports import MemoryImports
    from workbench.services.memory_keeping import MemoryKeeping
    from workbench.services.name_desk import NameDesk
    from workbench.services.name_finding import NameFinder
    from workbench.services.name_ledger import NameLedger
    from workbench.services.name_lists import GivenName
    from workbench.services.repeats import Repeats
    from workbench.services.review import Review
    from workbench.services.term_desk import TermDesk
    from workbench.services.term_rows import TermRows
    from workbench.services.terminology import Terminology
    from workbench.services.transcriber import Transcriber
    from workbench.services.xliff_return import XliffReturn
    from workbench.storage.accounts import Accounts
    from workbench.storage.articles import Articles
    from workbench.storage.candidates import Candidates
    from workbench.storage.database import Database
    from workbench.storage.evaluations import Evaluations
    from workbench.storage.exports import Exports
    from workbench.storage.jobs import Jobs
    from workbench.storage.terms import Terms
    from workbench.storage.units import Units


@dataclass
class Workbench:
    """Everything the workbench can do, each part built when first asked for."""

    settings: Settings

    # -- data and storage ---------------------------------------------------------------

    @cached_property
    def data(self) -> Path:
        """The folder with models/, glossary/ and corpora/."""
        return find_data(self.settings)

    @cached_property
    def database(self) -> Database:
        from workbench.storage.database import Database

        return Database(self.settings.database_url)

    @cached_property
    def articles(self) -> Articles:
        from workbench.storage.articles import Articles

        return Articles(self.database)

    @cached_property
    def units(self) -> Units:
        from workbench.storage.units import Units

        return Units(self.database)

    @cached_property
    def terms(self) -> Terms:
        from workbench.storage.terms import Terms

        return Terms(self.database)

    @cached_property
    def accounts(self) -> Accounts:
        from workbench.storage.accounts import Accounts

        return Accounts(self.database)

    @cached_property
    def candidates(self) -> Candidates:
        from workbench.storage.candidates import Candidates

        return Candidates(self.database)

    @cached_property
    def jobs(self) -> Jobs:
        from workbench.storage.jobs import Jobs

        return Jobs(self.database)

    @cached_property
    def evaluations(self) -> Evaluations:
        from workbench.storage.evaluations import Evaluations

        return Evaluations(self.database)

    @cached_property
    def exports(self) -> Exports:
        from workbench.storage.exports import Exports

        return Exports(self.database)

    # -- activities ---------------------------------------------------------------------

    @cached_property
    def intake(self) -> Intake:
        from workbench.services.intake import Intake

        return Intake()

    @cached_property
    def export(self) -> Export:
        from workbench.services.export import Export

        return Export(self.exports)

    @cached_property
    def terminology(self) -> Terminology:
        from workbench.services.terminology import open_terminology

        return open_terminology(self.terms, self.data / "glossary" / "ru-zh")

    @cached_property
    def desk(self) -> TermDesk:
        from workbench.services.term_desk import TermDesk
        from workbench.services.term_impact import TermImpact
        from workbench.services.term_patch import TermPatch
        from workbench.storage.patches import Patches
        from workbench.storage.term_places import TermPlaces

        terminology, places = self.terminology, TermPlaces(self.database)
        patches = TermPatch(
            terminology,
            self.units,
            places,
            Patches(self.database),
            self.exports,
            self.checks,
        )
        impacts = TermImpact(terminology, places, self.exports)
        return TermDesk(terminology, impacts, patches, self.data / "glossary" / "ru-zh")

    @cached_property
    def enforcement(self) -> Enforcement:
        from workbench.services.enforcement import Enforcement

        return Enforcement(self.terminology)

    @cached_property
    def memory(self) -> Memory:
        from workbench.services.memory import Memory
        from workbench.services.memory_penalties import POINTS, Penalties
        from workbench.services.memory_terms import MemoryTerms

        settings = self.settings
        return Memory(
            self.units,
            settings.state / "memory-index",
            MemoryTerms(lambda: self.terminology),
            Penalties({**POINTS, **settings.memory_penalties}, settings.memory_domain),
        )

    @cached_property
    def concordance(self) -> Concordance:
        from workbench.services.concordance import Concordance
        from workbench.storage.unit_query import UnitQuery

        query = UnitQuery(self.database)
        return Concordance(query, self.memory.state, lambda: self.terminology)

    @cached_property
    def memory_keeping(self) -> MemoryKeeping:
        from workbench.services.memory_keeping import MemoryKeeping

        return MemoryKeeping(self.units)

    @cached_property
    def memory_findings(self) -> MemoryFindings:
        from workbench.services.memory_findings import MemoryFindings
        from workbench.services.memory_terms import MemoryTerms
        from workbench.storage.unit_query import UnitQuery

        terms = MemoryTerms(lambda: self.terminology)
        return MemoryFindings(UnitQuery(self.database), self.memory_keeping, terms)

    @cached_property
    def memory_imports(self) -> MemoryImports:
        from workbench.services.memory_imports import MemoryImports

        return MemoryImports(self.units, self.jobs, self.settings.state / "imports")

    @cached_property
    def harvest(self) -> Harvest:
        from workbench.services.harvest.queue import Harvest

        return Harvest(self.candidates, self.terminology, self.units)

    @cached_property
    def checks(self) -> Checks:
        from workbench.services.checks import Checks

        return Checks()

    @cached_property
    def review(self) -> Review:
        from workbench.services.review import Review

        return Review(
            self.database, self.articles, self.units, self.terminology, self.checks, self.memory
        )

    @cached_property
    def xliff_return(self) -> XliffReturn:
        from workbench.services.xliff_return import XliffReturn

        return XliffReturn(self.articles, self.review)

    @cached_property
    def given_names(self) -> Mapping[str, GivenName]:
        from workbench.services.name_lists import given_names

        return given_names(self.data / "glossary" / "ru-zh" / "names")

    @cached_property
    def transcriber(self) -> Transcriber:
        from workbench.services.name_lists import surnames
        from workbench.services.name_parts import spellings
        from workbench.services.transcriber import Transcriber

        return Transcriber(
            self.given_names,
            lambda name: self.terminology.terms.of_sources(spellings(name)),
            surnames(self.data / "glossary" / "ru-zh" / "names"),
        )

    @cached_property
    def term_rows(self) -> TermRows:
        from workbench.services.term_rows import TermRows

        return TermRows(self.articles, self.terminology, self.checks)

    @cached_property
    def repeats(self) -> Repeats:
        from workbench.services.repeats import Repeats

        return Repeats(self.review, self.term_rows)

    @cached_property
    def memory_analysis(self) -> MemoryAnalysis:
        from workbench.services.memory_analysis import MemoryAnalysis

        return MemoryAnalysis(self.memory)

    @cached_property
    def name_finder(self) -> NameFinder:
        from workbench.services.name_finding import NameFinder, default_recogniser

        return NameFinder(default_recogniser(), self.given_names)

    @cached_property
    def name_desk(self) -> NameDesk:
        from workbench.services.name_desk import KIND, NameDesk
        from workbench.storage.ignored_names import IgnoredNames
        from workbench.storage.patches import Patches
        from workbench.storage.term_places import TermPlaces

        database = self.database
        return NameDesk(
            self.term_rows,
            self.transcriber,
            IgnoredNames(database),
            Patches(database, KIND),
            TermPlaces(database),
            self.name_finder,
        )

    @cached_property
    def name_ledger(self) -> NameLedger:
        from workbench.services.name_ledger import NameLedger

        return NameLedger(self.term_rows, self.transcriber, self.name_finder)

    @cached_property
    def drafting(self) -> Drafting:
        from workbench.languages.chinese import Chinese
        from workbench.services.drafting import Drafting

        return Drafting(self.terminology, self.enforcement, self.memory, Chinese(), self.checks)

    @cached_property
    def evaluation(self) -> Evaluator:
        from workbench.services.evaluation.evaluator import open_evaluator

        folders = (self.data / "corpora" / "ru-zh" / "authored", self.settings.metric_models)
        return open_evaluator(self.enforcement, self.test_sets, self.database, *folders)

    @cached_property
    def runs(self) -> Runs:
        from workbench.services.evaluation.runs import open_runs

        state = self.settings.state
        return open_runs(self.evaluation, self.jobs, self.engine, lambda: self.memory, state)

    @cached_property
    def lab(self) -> Lab:
        from workbench.services.evaluation.lab import Lab

        given = self.settings
        privacy = (given.effort, given.effort_people, given.effort_names)
        return Lab(self.database, self.evaluations, *privacy)

    @property
    def test_sets(self) -> tuple[Path, ...]:
        """The folders that test sets are read from, the shipped one first."""
        given = self.settings.corpora_dir
        return (self.data / "corpora" / "ru-zh" / "eval", *([given] if given else []))

    # -- engines ------------------------------------------------------------------------

    def engine(self, name: str | None = None) -> Translator:
        """Return the engine called *name*, or the one in the settings. Raises NotFound."""
        from workbench import engines

        models, endpoints = self._configured
        return engines.build(
            name or self.settings.engine,
            data=self.data,
            state=self.settings.state,
            models=models,
            endpoints=endpoints,
            threads=self.settings.threads,
            beam=self.settings.beam,
        )

    def engines(self) -> tuple[EngineInfo, ...]:
        """Return every engine that the settings name, without loading one."""
        from workbench import engines

        models, endpoints = self._configured
        return engines.available(
            data=self.data, state=self.settings.state, models=models, endpoints=endpoints
        )

    @cached_property
    def _configured(self) -> tuple[dict[str, ModelSource], dict[str, Endpoint]]:
        """The models and endpoints of the settings, as the engines take them."""
        from workbench.engines import Endpoint, ModelSource

        settings = self.settings
        models = {name: ModelSource(m.source, m.backend) for name, m in settings.models.items()}
        endpoints = {name: Endpoint(**e.model_dump()) for name, e in settings.endpoints.items()}
        return models, endpoints

    def close(self) -> None:
        """End what goes on in the background and give the database back."""
        if "memory" in self.__dict__:
            self.memory.close()
        if "database" in self.__dict__:
            self.database.close()


def open_workbench(settings: Settings) -> Workbench:
    """Return the workbench for *settings*; makes the state folder. Raises SettingsError."""
    configure_logging(settings.log_level)
    # Nothing waits on the network: telemetry off, and a hub is asked only when a user names one.
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    try:
        settings.state.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            "house.unwritable_state", path=settings.state, reason=error.strerror
        ) from error
    return Workbench(settings)


def configure_logging(level: str) -> None:
    """Send the log to stderr; article text is logged at DEBUG only, by rule."""
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
