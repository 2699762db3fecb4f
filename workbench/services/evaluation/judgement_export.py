"""Judgements as files: TSV in the shape that tools for MQM read, and JSON with everything."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from workbench.domain.judgement import CATEGORIES, Campaign, ErrorSpan, Item, Judgement

# One line an error, or one "no-error" line (Marot, MQM Viewer and WMT's published judgements).
MQM_COLUMNS = (
    *("system", "doc", "docSegId", "globalSegId", "rater", "source", "target"),
    *("category", "severity", "metadata"),
)
DA_COLUMNS = (
    *("system", "doc", "segId", "rater", "source", "target", "score"),
    *("check", "twin", "item", "seconds", "created"),
)


def campaign_json(campaign: Campaign) -> dict[str, Any]:
    """Return what may be said of a campaign as JSON; ``systems`` are null while it is open."""
    settings = campaign.settings
    return {
        "id": campaign.id,
        "name": campaign.name,
        "kind": campaign.kind,
        "run": campaign.evaluation_id,
        "set": settings.set_name,
        "items": campaign.items,
        "lines": len(settings.lines),
        "system_count": len(settings.systems),
        "systems": settings.systems if campaign.closed else None,
        "checks": settings.checks,
        "judges": settings.judges,
        "closed": campaign.closed,
        "author": campaign.author,
        "created": campaign.created,
    }


def as_tsv(campaign: Campaign, items: Sequence[Item], judgements: Sequence[Judgement]) -> str:
    """Return a closed campaign as TSV: the columns of MQM tools, or scores one a line.

    Attention checks are left out of MQM files, whose readers would count them as translations.
    """
    places = {item.id: item for item in items}
    if campaign.kind == "mqm":
        rows = _mqm_rows(campaign, places, judgements)
        return "".join("\t".join(row) + "\n" for row in (MQM_COLUMNS, *rows))
    rows = (
        _da_row(campaign, name, places[said.item_id], said)
        for name, said in _named(campaign, places, judgements, checks=True)
    )
    return "".join("\t".join(row) + "\n" for row in (DA_COLUMNS, *rows))


def as_json(campaign: Campaign, items: Sequence[Item], judgements: Sequence[Judgement]) -> str:
    """Return a closed campaign as JSON: campaign, items (checks too) and judgements."""
    content: dict[str, Any] = {
        "campaign": asdict(campaign),
        "items": [asdict(item) for item in items],
        "judgements": [asdict(said) for said in judgements],
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def marked(text: str, span: ErrorSpan) -> str:
    """Return *text* with a span between ``<v>`` and ``</v>``."""
    return f"{text[: span.start]}<v>{text[span.start : span.end]}</v>{text[span.end :]}"


def _named(
    campaign: Campaign, places: dict[int, Item], judgements: Sequence[Judgement], checks: bool
) -> Iterator[tuple[str, Judgement]]:
    """Yield (system, judgement); a text that several systems share comes once for each."""
    for said in judgements:
        item = places[said.item_id]
        if item.check and not checks:
            continue
        yield item.system, said
        if item.check:
            continue
        for n, system, owner in campaign.settings.shared:
            if (n, owner) == (item.n, item.system):
                yield system, said


def _mqm_rows(
    campaign: Campaign, places: dict[int, Item], judgements: Sequence[Judgement]
) -> Iterator[Sequence[str]]:
    document = campaign.settings.set_name or f"run{campaign.evaluation_id}"
    for system, said in _named(campaign, places, judgements, checks=False):
        item = places[said.item_id]
        number = str(item.n + 1)
        first = (system, f"{document}:ru-zh", number, number, said.author, _flat(item.source))
        stamp = {"timestamp": round(datetime.fromisoformat(said.created).timestamp() * 1000)}
        if not said.spans:
            metadata = json.dumps(stamp)
            yield (*first, _flat(item.text), "no-error", "no-error", metadata)
        for span in said.spans:
            more = {**stamp, "marked_text": item.text[span.start : span.end]}
            if span.note:
                more["note"] = span.note
            target = _flat(marked(item.text, span))
            metadata = json.dumps(more, ensure_ascii=False)
            yield (*first, target, CATEGORIES[span.category], span.severity.title(), metadata)


def _da_row(campaign: Campaign, system: str, item: Item, said: Judgement) -> Sequence[str]:
    name = "reference" if item.check == "reference" else system
    return (
        name,
        f"{campaign.settings.set_name or campaign.evaluation_id}:ru-zh",
        str(item.n + 1),
        said.author,
        _flat(item.source),
        _flat(item.text),
        f"{said.score:g}" if said.score is not None else "",
        item.check,
        str(item.twin or ""),
        str(item.id),
        f"{said.active_ms / 1000:.1f}",
        said.created,
    )


def _flat(text: str) -> str:
    """Return *text* without what would break a line of the table."""
    return " ".join(text.replace("\t", " ").splitlines())
