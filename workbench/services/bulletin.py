"""Bulletins: a specification is completed from the articles, looked over, and printed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Literal

from workbench.domain.article import Article
from workbench.domain.bulletin import Bulletin, Item, Remark, Section, Source
from workbench.domain.row import Row
from workbench.domain.term import TermType
from workbench.formats.bulletin_files import write_bulletin
from workbench.formats.bulletin_layout import BLANK, layout
from workbench.formats.composition import compose, spoken, title_of
from workbench.formats.dates import iso_date
from workbench.services.checks.damage import russian_in
from workbench.services.name_ledger import NameLedger
from workbench.services.terminology import Terminology
from workbench.storage.articles import Articles
from workbench.storage.exports import Exports

_DONE = frozenset({"confirmed", "reviewed", "locked"})
_ITEM = ("topic", "title_zh", "translator")
_SOURCE = ("outlet_zh", "date", "title_ru", "url")
_SUPPLEMENT = ("title_zh", "title_ru", "url")
_MONTH_ALONE = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2]))?")
# One address, nothing glued to it; what may end a sentence is taken for its end.
_ADDRESS = re.compile(
    r"https?://[^\s/.]+\.(?:(?!://)[!-~\u00bf-\u04ff])*[^\s.,;:!?)\]'\"。，；：！？）》]"
)
_MONTHS = range(1, 13)
_OUTLETS: tuple[TermType, ...] = ("media", "org")
_PEOPLE: tuple[TermType, ...] = ("person",)


@dataclass(frozen=True)
class Bulletins:
    """Makes bulletins out of the articles that the ledger of names reads."""

    ledger: NameLedger
    exports: Exports

    @property
    def articles(self) -> Articles:
        """The articles of the workbench."""
        return self.ledger.rows.articles

    @property
    def terminology(self) -> Terminology:
        """The glossary."""
        return self.ledger.rows.terminology

    def propose(self, article_ids: Sequence[int]) -> Bulletin:
        """Return a specification with all that is known of the articles. Raises NotFound."""
        items = []
        for article_id in article_ids:
            item = self._completed(Item(article=article_id))
            source = item.source
            if source.author_ru and not source.author_zh:
                made = self.ledger.transcriber.propose(source.author_ru, "person", "")
                source = replace(source, author_zh=made[0].zh if made else "")
            # The text is taken when the bulletin is built: it may still be edited.
            items.append(Item(article=article_id, source=source))
        return Bulletin(items=tuple(items))

    def complete(self, spec: Bulletin) -> Bulletin:
        """Return the bulletin with text and facts from the articles; what the editor said wins.

        Raises NotFound for an article that is not there.
        """
        return replace(spec, items=tuple(map(self._completed, spec.items)))

    def remarks(self, spec: Bulletin, bulletin: Bulletin) -> tuple[Remark, ...]:
        """Return what is missing or should be looked at, errors first.

        *bulletin* is the completed *spec*; an article whose text the editor gave need not be done.
        """
        found = list(_of_issue(bulletin))
        for n, (given, item) in enumerate(zip(spec.items, bulletin.items, strict=True), 1):
            found += _of_item(n, item)
            if item.article and not given.sections:
                found += _of_rows(n, self.articles.rows(item.article))
        found += self._names(bulletin)
        return tuple(sorted(found, key=lambda remark: (remark.severity, remark.item)))

    def write(self, bulletin: Bulletin, suffix: str) -> bytes:
        """Return the file of a completed bulletin; what is missing stands as 【待补】."""
        return write_bulletin(_with_blanks(bulletin), suffix)

    def record(self, bulletin: Bulletin, author: str) -> None:
        """Remember that the articles left the house."""
        for item in bulletin.items:
            if item.article:
                text = "\n".join(line.text for line in layout(Bulletin(items=(item,))))
                version = self.terminology.version
                self.exports.record(item.article, "bulletin", author, version, text)

    # -- completing ---------------------------------------------------------------------

    def _completed(self, item: Item) -> Item:
        if not item.article:
            return item
        article = self.articles.get(item.article)
        rows = self.articles.rows(item.article)
        lead, sections = (item.lead, item.sections) if item.sections else _body(article, rows)
        if item.lead and lead and lead != item.lead:
            # The editor's lead stands before the whole article, not in place of its beginning.
            sections = (Section(paragraphs=(lead,)), *sections)
        return replace(
            item,
            title_zh=item.title_zh or title_of(article, rows),
            lead=item.lead or lead,
            sections=sections,
            source=self._source(item.source, article),
        )

    def _source(self, given: Source, article: Article) -> Source:
        known = article.metadata
        outlet, author = given.outlet_ru or known.outlet, given.author_ru or known.author
        return replace(
            given,
            outlet_ru=outlet,
            outlet_zh=given.outlet_zh or self._approved(outlet, _OUTLETS),
            date=given.date or known.date[:10],
            title_ru=given.title_ru or known.title,
            author_ru=author,
            author_zh=given.author_zh or self._approved(author, _PEOPLE),
            url=given.url or known.url,
        )

    def _approved(self, name: str, kinds: Collection[TermType]) -> str:
        """Return the glossary's form of a name, empty where none is approved."""
        entries = self.terminology.terms.of_sources([name]) if name else ()
        approved = (t.target for t in entries if t.status == "approved" and t.type in kinds)
        return next(approved, "")

    def _names(self, bulletin: Bulletin) -> Iterator[Remark]:
        """Yield the names that stand in more than one form, throughout the bulletin."""
        numbers = [item.article for item in bulletin.items if item.article]
        for name in self.ledger.of(numbers) if numbers else ():
            if not name.consistent:
                forms = "、".join(f"{form.zh} ×{len(form.places)}" for form in name.forms)
                yield Remark(0, "warning", "name_forms", {"name": name.name, "forms": forms})


def _body(article: Article, rows: Sequence[Row]) -> tuple[str, tuple[Section, ...]]:
    """Return (lead, sections): the first paragraph is the lead where others follow it."""
    sections: list[Section] = [Section()]
    for number, paragraph in enumerate(compose(article, rows)):
        text = spoken(paragraph)
        if paragraph.kind == "heading":
            if number or paragraph.level > 1:
                sections.append(Section(text))
        else:
            last = sections[-1]
            sections[-1] = replace(last, paragraphs=(*last.paragraphs, text))
    lead = ""
    if sections[0].paragraphs and (len(sections[0].paragraphs) > 1 or len(sections) > 1):
        lead, *rest = sections[0].paragraphs
        sections[0] = Section(paragraphs=tuple(rest))
    return lead, tuple(section for section in sections if section.heading or section.paragraphs)


def _with_blanks(bulletin: Bulletin) -> Bulletin:
    """Put 【待补】 where something required of an item is missing."""
    items = tuple(
        replace(
            item,
            **_blanks(item, _ITEM),
            source=replace(item.source, **_blanks(item.source, _SOURCE)),
            supplements=tuple(
                replace(one, **_blanks(one, _SUPPLEMENT)) for one in item.supplements
            ),
        )
        for item in bulletin.items
    )
    return replace(bulletin, items=items)


def _blanks(value: object, names: Iterable[str]) -> dict[str, Any]:
    return {name: BLANK for name in names if not getattr(value, name)}


# -- looking over -----------------------------------------------------------------------


def _of_issue(bulletin: Bulletin) -> Iterator[Remark]:
    """Yield what is wrong with the bulletin as a whole."""
    for name in ("series", "number", "year"):
        if not getattr(bulletin, name):
            yield Remark(0, "error", "missing", {"field": name})
    if bulletin.month not in _MONTHS:
        yield Remark(0, "error", "bad_month", {"month": bulletin.month})
    topics = [topic for topic, _ in groupby(item.topic for item in bulletin.items)]
    for topic, count in Counter(topics).items():
        if count > 1:
            yield Remark(0, "warning", "topic_apart", {"topic": topic})
    sources = Counter(item.source.url for item in bulletin.items if item.source.url)
    for url, count in sources.items():
        if count > 1:
            yield Remark(0, "warning", "same_address", {"url": url})


def _of_item(n: int, item: Item) -> Iterator[Remark]:
    """Yield what is wrong with one item (rules ZH-B01 to ZH-B03)."""
    for place, names in ((item, _ITEM), (item.source, _SOURCE)):
        yield from _missing(n, "error", place, names)
    yield from _missing(n, "warning", item.source, ("country", "author_zh"))
    if not any(section.paragraphs for section in item.sections):
        yield Remark(n, "error", "no_text", {})
    if (date := item.source.date) and not (_MONTH_ALONE.fullmatch(date) or iso_date(date) == date):
        yield Remark(n, "error", "bad_date", {"date": date})
    if item.title_zh.endswith("。"):
        yield Remark(n, "warning", "full_stop", {"title": item.title_zh})
    for text in _chinese_of(item):
        if any(russian_in(text)):
            yield Remark(n, "warning", "russian", {"text": text[:60]})
    for number, supplement in enumerate(item.supplements, 1):
        for name in _SUPPLEMENT:
            if not getattr(supplement, name):
                yield Remark(n, "error", "supplement", {"number": number, "field": name})
    yield from _of_addresses(n, item)


def _of_addresses(n: int, item: Item) -> Iterator[Remark]:
    urls = [url for url in (item.source.url, *(s.url for s in item.supplements)) if url]
    for url, count in Counter(urls).items():
        if not _ADDRESS.fullmatch(url):
            yield Remark(n, "error", "bad_address", {"url": url})
        if count > 1:
            yield Remark(n, "warning", "same_address", {"url": url})


def _chinese_of(item: Item) -> Iterator[str]:
    """Yield every text of an item in which no Russian should stand."""
    yield from (item.title_zh, item.topic, item.lead, item.gist, item.kind, item.translator)
    yield from (item.source.outlet_zh, item.source.author_zh, item.source.author_position)
    yield from (supplement.title_zh for supplement in item.supplements)
    for section in item.sections:
        yield from (section.heading, *section.paragraphs)


def _missing(
    n: int, severity: Literal["error", "warning"], place: object, names: Iterable[str]
) -> Iterator[Remark]:
    for name in names:
        if not getattr(place, name):
            yield Remark(n, severity, "missing", {"field": name})


def _of_rows(n: int, rows: Sequence[Row]) -> Iterator[Remark]:
    """Yield how far the article is from being finished."""
    empty = [row.segment.n for row in rows if not row.target.strip()]
    if empty:
        yield Remark(n, "error", "untranslated", {"count": len(empty), "first": empty[0]})
    open_ = [row.segment.n for row in rows if row.target.strip() and row.state not in _DONE]
    if open_:
        yield Remark(n, "warning", "unconfirmed", {"count": len(open_), "first": open_[0]})
    wrong = [
        row.segment.n
        for row in rows
        if any(i.severity == "error" and not i.dismissed for i in row.issues)
    ]
    if wrong:
        yield Remark(n, "warning", "issues", {"count": len(wrong), "first": wrong[0]})
