"""An article as a translation memory: one unit a translated segment, with its neighbours.

A memory holds pairs, so segments without a target are left out here, and only here; each unit
says in ``x-workbench-state`` whether a person has confirmed it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

from workbench.domain.article import Article
from workbench.domain.memory import Unit
from workbench.domain.row import Row
from workbench.formats.composition import by_segment, printable
from workbench.formats.tmx import write_tmx


class TmxWriter:
    """Writes the segments of an article as TMX 1.4."""

    name = "tmx"
    suffix = ".tmx"
    media_type = "application/x-tmx+xml"

    def write(self, article: Article, rows: Sequence[Row]) -> bytes:
        """Return the file in UTF-8."""
        stream = io.BytesIO()
        write_tmx(stream, units(article, rows), article.pair)
        return stream.getvalue()


def units(article: Article, rows: Sequence[Row]) -> Iterator[Unit]:
    """Yield a unit for each segment that has a target."""
    found = by_segment(rows)
    segments = article.segments
    for n, segment in enumerate(segments):
        row = found.get(segment.n)
        if row is None or not row.target.strip():
            continue
        yield Unit(
            source=printable(segment.source),
            target=printable(row.target),
            before=printable(segments[n - 1].source) if n else "",
            after=printable(segments[n + 1].source) if n + 1 < len(segments) else "",
            article=printable(article.metadata.title or article.name),
            article_id=article.id,
            segment_id=segment.id,
            author=row.author,
            created=row.changed,
            changed=row.changed,
            props=(("prop:x-workbench-state", row.state),),
        )
