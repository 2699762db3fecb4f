"""Export: an article with its rows becomes a file, and it is proved that nothing was dropped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbench.domain.article import Article
from workbench.domain.row import Row
from workbench.errors import DataError
from workbench.formats import writer_for
from workbench.formats.contents import missing_from
from workbench.storage.exports import Exports

# Formats that hold both sides; a memory leaves out the segments without a target.
BILINGUAL = frozenset({"bilingual-docx", "tmx", "xliff", "xliff2"})
PAIRS_ONLY = frozenset({"tmx"})


@dataclass(frozen=True, slots=True)
class Counts:
    """What an export holds: segments, how many have no target yet, characters of both sides."""

    segments: int
    untranslated: int
    source_characters: int
    target_characters: int


class Export:
    """Writes articles in every format of the table of writers."""

    def __init__(self, record: Exports | None = None) -> None:
        """Remember what is published in *record*."""
        self.record = record

    def count(self, article: Article, rows: Sequence[Row]) -> Counts:
        """Return what an export of the article will hold."""
        targets = [row.target.strip() for row in rows]
        return Counts(
            segments=len(article.segments),
            untranslated=sum(not target for target in targets),
            source_characters=sum(len(segment.source) for segment in article.segments),
            target_characters=sum(map(len, targets)),
        )

    def write(self, article: Article, rows: Sequence[Row], to: str) -> tuple[bytes, str, str]:
        """Return (file, suffix, media type).

        Raises NotFound for an unknown format, DataError when a segment has no row or its text
        does not stand in the file that was written.
        """
        writer = writer_for(to)
        rows_by_n = {row.segment.n: row for row in rows}
        lost = [segment.n for segment in article.segments if segment.n not in rows_by_n]
        if lost:
            raise DataError("export.rows_missing", count=len(lost), first=lost[0])
        ordered = [rows_by_n[segment.n] for segment in article.segments]
        data = writer.write(article, ordered)
        dropped = missing_from(data, writer.suffix, list(_texts(ordered, to)))
        if dropped:
            raise DataError("export.text_dropped", count=len(dropped), text=dropped[0][:60])
        return data, writer.suffix, writer.media_type

    def publish(
        self, article: Article, rows: Sequence[Row], to: str, author: str, glossary_version: str
    ) -> tuple[bytes, str, str]:
        """Write a stored article as ``write`` does and remember that it left the house."""
        written = self.write(article, rows, to)
        if self.record is not None and article.id:
            text = "\n".join(row.target for row in rows)
            self.record.record(article.id, to, author, glossary_version, text)
        return written


def _texts(rows: Sequence[Row], to: str) -> Iterator[str]:
    """Yield what must stand in the file, in order."""
    for row in rows:
        target = row.target.strip()
        if to not in BILINGUAL:
            yield target or row.segment.source
        elif target or to not in PAIRS_ONLY:
            yield row.segment.source
            yield target
