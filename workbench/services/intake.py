"""Intake: a file or a pasted text becomes an article cut into segments."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, replace

from workbench.domain.article import Article, Block, Metadata, Segment
from workbench.errors import InputError, TooLarge
from workbench.formats import reader_for
from workbench.formats.encoding import repaired
from workbench.formats.plain import read_text
from workbench.languages.russian import Russian

NOTHING_KNOWN = Metadata()
# Old pages and typists part paragraphs by two line breaks inside of one.
EMPTY_LINE = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Intake:
    """Reads articles. Limits: bytes of a file, characters of its text."""

    language: Russian = field(default_factory=Russian)
    most_bytes: int = 20 * 2**20
    most_characters: int = 2_000_000

    def read(self, data: bytes, name: str, metadata: Metadata = NOTHING_KNOWN) -> Article:
        """Return the article of a file; *metadata* counts before what the file says.

        Raises InputError, TooLarge.
        """
        reader = reader_for(name)
        if len(data) > self.most_bytes:
            raise TooLarge("intake.too_many_bytes", name=name, limit=self.most_bytes // 2**20)
        if not data.strip():
            raise InputError("formats.empty", name=name)
        return self._prepare(reader.read(data, name), metadata)

    def paste(self, text: str, metadata: Metadata = NOTHING_KNOWN) -> Article:
        """Return the article of a pasted text; *metadata* counts before what the text says.

        Raises InputError, TooLarge.
        """
        if not text.strip():
            raise InputError("intake.nothing_pasted")
        return self._prepare(read_text(repaired(text)), metadata)

    def _prepare(self, article: Article, given: Metadata) -> Article:
        """Clean the text, put the title first, cut the blocks into segments."""
        if sum(len(block.text) for block in article.blocks) > self.most_characters:
            raise TooLarge("intake.too_many_characters", limit=self.most_characters)
        metadata = self._clean(article.metadata, given)
        blocks = [
            replace(block, text=self.language.normalise(part))
            for block in article.blocks
            for part in EMPTY_LINE.split(block.text)
        ]
        blocks = [block for block in blocks if block.text]
        if not self.language.is_native(" ".join(block.text for block in blocks)):
            raise InputError("intake.not_russian", name=article.name or "—")
        blocks = with_title(blocks, metadata.title)
        return replace(article, metadata=metadata, blocks=self._cut(blocks))

    def _clean(self, found: Metadata, given: Metadata) -> Metadata:
        values = {
            f.name: self.language.normalise(getattr(given, f.name) or getattr(found, f.name))
            for f in fields(Metadata)
        }
        return Metadata(**values)

    def _cut(self, blocks: list[Block]) -> tuple[Block, ...]:
        found: list[Block] = []
        n = 0
        for block in blocks:
            segments = []
            for span in self.language.sentences(block.text):
                n += 1
                segments.append(Segment(n, n, span.of(block.text), span))
            found.append(replace(block, segments=tuple(segments)))
        return tuple(found)


def with_title(blocks: list[Block], title: str) -> list[Block]:
    """Return the blocks with the title as the first: it is translated and published too."""
    if not title or any(block.text == title for block in blocks[:2]):
        return blocks
    return [Block("heading", title, 1), *blocks]
