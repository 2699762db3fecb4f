"""Glossary entries as rows of a table, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from workbench.domain.term import Term
from workbench.formats.tables import Row, read_table, write_table

COLUMNS = ("ru", "zh", "type", "variants", "forbidden", "flags", "note", "source", "status")
_HEADINGS = {
    "ru": (
        *("russian", "ru-ru", "ru_ru", "russian (russia)", "русский", "俄文", "俄语"),
        *("原文", "source term", "term"),
    ),
    "zh": (
        *("chinese", "zh-cn", "zh_cn", "zh-hans", "zh-hans-cn", "chinese (simplified)"),
        *("chinese (simplified, china)", "chinese (prc)", "китайский", "中文", "简体中文"),
        *("译文", "译名", "target", "target term"),
    ),
    "type": ("тип", "类型", "类别"),
    "variants": ("варианты", "变体", "简称"),
    "forbidden": ("запрещено", "禁用", "禁用译名"),
    "flags": ("пометы", "标记"),
    "note": ("примечание", "备注", "说明", "comment", "комментарий"),
    "source": ("provenance", "источник", "来源", "出处"),
    "status": ("статус", "состояние", "状态"),
}
_NAMED = {other: name for name, others in _HEADINGS.items() for other in (name, *others)}
_TYPES = {
    "person": ("персона", "имя", "человек", "人名", "人物"),
    "place": ("место", "топоним", "地名"),
    "org": ("организация", "organisation", "organization", "机构", "组织"),
    "media": ("сми", "издание", "媒体"),
    "event": ("событие", "事件"),
    "document": ("документ", "doc", "文件", "文献"),
    "term": ("термин", "术语", ""),
}
_TYPED = {other: name for name, others in _TYPES.items() for other in (name, *others)}


def read_terms(data: bytes, name: str) -> Iterator[tuple[int, Term]]:
    """Yield (line, entry as written, not yet checked) of a table. Raises InputError.

    Without a heading the columns are Russian, Chinese, type, variants, note.
    """
    columns: list[str] = ["ru", "zh", "type", "variants", "note"]
    for place, (number, cells) in enumerate(_filled(read_table(data, name))):
        named = _columns(cells) if place == 0 else []
        if _is_heading(named):
            columns = named
            continue
        yield number, _term(dict(zip(columns, cells, strict=False)))


def _columns(cells: Iterable[str]) -> list[str]:
    """Return the columns that a heading names, empty for what is none."""
    names = [cell.strip().lower() for cell in cells]
    named = [_NAMED.get(name, "") for name in names]
    if "zh" in named and "ru" not in named and "source" in names:
        named[names.index("source")] = "ru"  # «source, target» is how many programs say it
    return named


def _is_heading(named: list[str]) -> bool:
    """Tell whether a first row names columns: both languages, or nothing else than columns."""
    if {"ru", "zh"} <= set(named):
        return True
    return bool(named) and all(named) and len(set(named)) == len(named)


def write_terms(terms: Iterable[Term], suffix: str) -> bytes:
    """Return the entries as a ``tsv``, ``csv`` or ``xlsx`` file with a heading."""
    return write_table([COLUMNS, *(_cells(term) for term in terms)], suffix)


def _filled(rows: Iterable[Row]) -> Iterator[Row]:
    return (row for row in rows if any(cell.strip() for cell in row[1]))


def flags_of(text: str) -> dict[str, Any]:
    """Read ``quotes context=голод|-полос from=2019-03-23 proposed`` into an entry's fields.

    A space inside a context word is written as an underscore.
    """
    marks = dict(flag.partition("=")[::2] for flag in text.split())
    fields: dict[str, Any] = {
        "needs_quotes": "quotes" in marks,
        "context": split(marks.get("context", "").replace("_", " ")),
        "valid_from": marks.get("from", ""),
        "valid_to": marks.get("to", ""),
    }
    return {**fields, "status": "proposed"} if "proposed" in marks else fields


def flags_text(term: Term) -> str:
    """Write an entry's flags."""
    marks = ["quotes" if term.needs_quotes else ""]
    near = "|".join(term.context).replace(" ", "_")
    marks += [f"context={near}" if near else ""]
    marks += [f"from={term.valid_from}" if term.valid_from else ""]
    marks += [f"to={term.valid_to}" if term.valid_to else ""]
    return " ".join(filter(None, marks))


def split(text: str) -> tuple[str, ...]:
    """Read several forms of one cell, separated by strokes."""
    return tuple(part.strip() for part in text.split("|") if part.strip())


def _term(values: dict[str, str]) -> Term:
    kind = values.get("type", "").strip().lower()
    fields = flags_of(values.get("flags", ""))
    if status := values.get("status", "").strip().lower():
        fields["status"] = status
    return Term(
        source=values.get("ru", ""),
        target=values.get("zh", ""),
        type=_TYPED.get(kind, kind),  # type: ignore[arg-type]  # an unknown one is refused later
        variants=split(values.get("variants", "")),
        forbidden=split(values.get("forbidden", "")),
        note=values.get("note", ""),
        provenance=values.get("source", ""),
        **fields,
    )


def _cells(term: Term) -> tuple[str, ...]:
    return (
        term.source,
        term.target,
        term.type,
        "|".join(term.variants),
        "|".join(term.forbidden),
        flags_text(term),
        term.note,
        term.provenance,
        term.status,
    )
