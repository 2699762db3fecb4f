"""An article as a translation memory: one unit a translated segment, with its neighbours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbench.domain.article import Article
from workbench.domain.memory import Unit
from workbench.domain.row import Row
from workbench.formats.composition import by_segment, printable


class TmxWriter:
    """Writes the segments of an article as TMX 1.4."""

    name = "tmx"
    suffix = ".tmx"
    media_type = "application/x-tmx+xml"

    def write(self, article: Article, rows: Sequence[Row]) -> bytes:
        """Return the file in UTF-8."""
        from workbench.formats.tmx import write_tmx

        return b"".join(write_tmx(units(article, rows)))


def units(article: Article, rows: Sequence[Row]) -> Iterator[Unit]:
    """Yield a unit for each segment, its target empty where it has none."""
    found = by_segment(rows)
    segments = article.segments
    for n, segment in enumerate(segments):
        row = found.get(segment.n)
        yield Unit(
            source=printable(segment.source),
            target=printable(row.target) if row else "",
            before=printable(segments[n - 1].source) if n else "",
            after=printable(segments[n + 1].source) if n + 1 < len(segments) else "",
            article=printable(article.metadata.title or article.name),
            article_id=article.id,
            segment_id=segment.id,
            author=row.author if row else "",
            changed=row.changed if row else "",
        )
