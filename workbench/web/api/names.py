"""The name desk: unknown names of an article, accepting and ignoring them; the ledger of forms."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from workbench.domain.language import Span
from workbench.services.name_ledger import FormPlace
from workbench.web.identity import Language, Proposer, Reader, Translator
from workbench.web.parts import Bench
from workbench.web.wire import accepted_json, ledger_json, row_json, unknown_json

router = APIRouter(tags=["names"])
Json = dict[str, Any]

MOST_ARTICLES = 50  # of one bulletin
MOST_PLACES = 2000


class Acceptance(BaseModel):
    """A found name with its Chinese form; ``source`` where the nominative was found wrong."""

    name: str = Field(min_length=1, max_length=200)
    zh: str = Field(min_length=1, max_length=200)
    source: str = Field("", max_length=200)
    type: Literal["person", "place", "org", "media"] = "person"
    others: bool = False


class Ignoring(BaseModel):
    """A name to leave alone, here or everywhere."""

    name: str = Field(min_length=1, max_length=200)
    everywhere: bool = False


class Place(BaseModel):
    """Where a form was seen, and the row's revision then."""

    article: int
    id: int
    n: int = 0
    revision: int
    start: int
    end: int


class Mending(BaseModel):
    """A form to be replaced at some places."""

    form: str = Field(min_length=1, max_length=200)
    wanted: str = Field(min_length=1, max_length=200)
    places: list[Place] = Field(max_length=MOST_PLACES)


@router.get("/articles/{article_id}/names")
def unknown(article_id: int, _identity: Reader, bench: Bench) -> Json:
    """Return the persons that the glossary does not know, and what was accepted here lately."""
    desk = bench.name_desk
    return {
        "names": [unknown_json(name) for name in desk.unknown(article_id)],
        "accepted": [asdict(each) for each in desk.recent(article_id)],
    }


@router.post("/articles/{article_id}/names/accept", status_code=201)
def accept(
    article_id: int, given: Acceptance, identity: Proposer, language: Language, bench: Bench
) -> Json:
    """Add a name to the glossary and to the drafts: approved, or proposed by who only proposes."""
    done = bench.name_desk.accept(
        article_id,
        given.name,
        given.zh,
        given.type,
        author=identity.name,
        approve=identity.may("keep terms"),
        source=given.source,
        others=given.others,
    )
    return accepted_json(done, language)


@router.post("/names/accepted/{number}/undo")
def undo(number: int, identity: Proposer, language: Language, bench: Bench) -> Json:
    """Withdraw an accepted name; rows that nobody changed since get their earlier text back."""
    done = bench.name_desk.undo(number, identity.name, keeper=identity.may("keep terms"))
    return {
        "terms": [term.source for term in done.terms],
        "rows": [row_json(row, language) for row in done.rows],
        "kept": done.kept,
    }


@router.post("/articles/{article_id}/names/ignore", status_code=204)
def ignore(article_id: int, given: Ignoring, identity: Proposer, bench: Bench) -> None:
    """Take a name off the desk; everywhere only by who keeps the glossary."""
    if given.everywhere:
        identity.require("keep terms")
    bench.name_desk.ignore(article_id, given.name, identity.name, given.everywhere)


@router.post("/articles/{article_id}/names/heed", status_code=204)
def heed(article_id: int, given: Ignoring, identity: Proposer, bench: Bench) -> None:
    """Put an ignored name back on the desk."""
    if given.everywhere:
        identity.require("keep terms")
    bench.name_desk.heed(article_id, given.name, given.everywhere)


@router.get("/names/ledger")
def ledger(
    _identity: Reader,
    bench: Bench,
    article: Annotated[list[int], Query(min_length=1, max_length=MOST_ARTICLES)],
) -> list[Json]:
    """Return the names of one article or several with the forms that stand for them."""
    return [ledger_json(name) for name in bench.name_ledger.of(article)]


@router.post("/names/ledger/fix")
def fix(given: Mending, identity: Translator, language: Language, bench: Bench) -> Json:
    """Replace a form where it was seen; changed and locked rows are named and left alone."""
    places = [
        FormPlace(p.article, p.id, p.n, "drafted", p.revision, Span(p.start, p.end))
        for p in given.places
    ]
    done = bench.name_ledger.fix(given.form, given.wanted, places, identity.name)
    return {
        "rows": [row_json(row, language) for row in done.rows],
        "locked": done.locked,
        "conflicts": done.conflicts,
    }
