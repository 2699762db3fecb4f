"""An article's XLIFF file that comes back: its targets become edits of the rows.

A row is taken when it still is as it was written out, or holds nothing a person wrote. Whatever
stands against that is reported with both texts, and nothing is overwritten.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import BinaryIO, Literal

from workbench.domain.memory import Rejected
from workbench.domain.row import Row
from workbench.errors import Conflict, InputError
from workbench.formats.composition import printable
from workbench.formats.xliff_reader import FINISHED, XliffSegment, read_segments
from workbench.services.review import SETTLED, Review
from workbench.storage.articles import Articles

Outcome = Literal[
    "edited", "confirmed", "same", "empty", "changed_meanwhile", "locked", "refused", "other_source"
]
_UNTOUCHED = frozenset({"new", "drafted"})  # nothing in such a row was written by a person


@dataclass(frozen=True, slots=True)
class Returned:
    """What became of one segment: number, the file's target, the row's as it stands, the note.

    ``changed_meanwhile``, ``locked``, ``refused`` (no text that a row can hold) and
    ``other_source`` (the article has no such segment) are the outcomes that a person must look at.
    """

    n: int
    outcome: Outcome
    offered: str
    present: str
    note: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class Return:
    """What a file brought: outcomes counted, and the segments to look at or with a note."""

    article_id: int
    counts: dict[str, int]
    problems: tuple[Returned, ...]
    noted: tuple[Returned, ...]


class XliffReturn:
    """Takes translated XLIFF files back into the article that they were exported from."""

    def __init__(self, articles: Articles, review: Review) -> None:
        """Save by *review*, as if typed."""
        self.articles = articles
        self.review = review

    def take(
        self, article_id: int, stream: BinaryIO, name: str, author: str, confirm: bool = False
    ) -> Return:
        """Bring the targets of a file into its article.

        The whole file is read before anything is saved. With *confirm* the segments that the file
        calls translated, reviewed or final are confirmed, and so remembered. Raises NotFound;
        InputError when the file cannot be read or is of another article.
        """
        rows = {row.segment.n: row for row in self.articles.rows(article_id)}
        found = list(_joined(_readable(read_segments(stream, name))))
        mine = sum(_row_of(item, rows) is not None for item in found)
        if not mine or mine * 2 < len(found):
            raise InputError("review.other_article", name=name, id=article_id)
        other = next((item.article for item in found if item.article not in (0, article_id)), 0)
        if other:  # of the same text: its revisions say nothing about our rows
            raise InputError("review.twin_article", name=name, id=article_id, other=other)
        results = [self._one(item, _row_of(item, rows), author, confirm) for item in found]
        good = ("edited", "confirmed", "same", "empty")
        return Return(
            article_id,
            dict(Counter(result.outcome for result in results)),
            tuple(result for result in results if result.outcome not in good),
            tuple(result for result in results if result.note),
        )

    def _one(self, item: XliffSegment, row: Row | None, author: str, confirm: bool) -> Returned:
        if row is None:
            return Returned(_number(item), "other_source", item.target, "", item.note)
        settle = confirm and item.state in FINISHED and row.state not in SETTLED
        outcome = _judged(item, row, settle)
        if outcome is None:
            act = self.review.confirm if settle else self.review.save
            try:
                row = act(row.segment.id, item.target, row.revision, author)
                outcome = "confirmed" if settle else "edited"
            except InputError:  # too long, or of nothing that can be seen
                outcome = "refused"
            except Conflict:  # locked, or saved by somebody in this moment
                row = self.articles.row(row.segment.id)
                outcome = "locked" if row.state == "locked" else "changed_meanwhile"
        return Returned(row.segment.n, outcome, item.target, row.target, item.note, row.author)


def _judged(item: XliffSegment, row: Row, settle: bool) -> Outcome | None:
    """Return why a target is not taken, or None when it is to be saved."""
    if not item.target.strip():
        return "empty"
    if item.target == printable(row.target):
        return None if settle else "same"
    mine = item.revision == row.revision if item.revision >= 0 else row.state in _UNTOUCHED
    if mine:
        return None
    return "locked" if row.state == "locked" else "changed_meanwhile"


def _readable(found: Iterable[XliffSegment | Rejected]) -> Iterator[XliffSegment]:
    for item in found:
        if isinstance(item, XliffSegment):
            yield item


def _joined(found: Iterable[XliffSegment]) -> Iterator[XliffSegment]:
    """Put together what another program cut: parts of one unit, finished when all of them are."""
    for _, parts in groupby(found, key=lambda item: (item.original, item.unit)):
        first, *others = parts
        whole = [first, *others]
        if not all(part.target.strip() for part in whole):  # half a sentence is no translation
            yield replace(first, source="".join(p.source for p in whole), target="", state="new")
            continue
        states = [part.state for part in whole if part.state not in FINISHED]
        yield replace(
            first,
            source="".join(part.source for part in whole),
            target="".join(part.target for part in whole),
            state=states[0] if states else first.state,
        )


def _row_of(item: XliffSegment, rows: dict[int, Row]) -> Row | None:
    """Return the row that a segment is of: the same number and the same source."""
    row = rows.get(_number(item))
    same = row is not None and _bare(row.segment.source) == _bare(item.source)
    return row if same else None


def _number(item: XliffSegment) -> int:
    return int(item.unit) if item.unit.isdecimal() and len(item.unit) < 10 else 0


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", printable(text))
