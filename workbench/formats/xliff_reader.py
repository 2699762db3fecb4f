"""XLIFF 1.2 and 2 read: the segments of a file, and those of them that are finished as units.

A trans-unit that another program cut further (``seg-source`` with ``mrk``) and a unit of several
segments give one item each. The states of Trados (``sdl:seg``) and memoQ (``mq:status``) are read.
Inline tags are left out of the text: XLIFF's are not TMX's, and a memory could not give them back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from workbench.domain.language import RU_ZH, Pair
from workbench.domain.memory import Rejected, Unit
from workbench.domain.row import SegmentState
from workbench.formats.tmx import LONGEST_SEGMENT, speaks
from workbench.formats.xml_tree import Node, records

# Inline elements whose content is markup of the document.
CODES = frozenset({"bpt", "ept", "ph", "it"})
STATES: dict[str, SegmentState] = {
    "translated": "confirmed",
    "signed-off": "reviewed",
    "reviewed": "reviewed",
    "final": "locked",
    "new": "drafted",
    "initial": "drafted",
    "needs-translation": "drafted",
    # of Trados
    "Translated": "confirmed",
    "ApprovedTranslation": "reviewed",
    "ApprovedSignOff": "locked",
    "Draft": "edited",
    # of memoQ
    "ManuallyConfirmed": "confirmed",
    "Proofread": "reviewed",
}
FINISHED = frozenset({"confirmed", "reviewed", "locked"})
# What a program put there by itself, whatever the state says.
_MACHINE = frozenset({"leveraged-mt", "mt-suggestion"})
_SUBSTATE = "workbench:"  # of XLIFF 2, where only three states follow "initial"


@dataclass(frozen=True, slots=True)
class XliffSegment:
    """A segment of a file: ``unit`` is the id of the (trans-)unit that it is of.

    ``state`` is "new" without a target. ``revision`` is that of our row when it was written out, -1
    where the file does not say; ``article`` the number of our article, 0 where it does not.
    ``fits`` tells whether the file is of the languages of the pair.
    """

    unit: str
    source: str
    target: str
    state: SegmentState
    note: str
    line: int
    revision: int = -1
    original: str = ""
    fits: bool = True
    article: int = 0


def read_segments(
    stream: BinaryIO, name: str, pair: Pair = RU_ZH
) -> Iterator[XliffSegment | Rejected]:
    """Yield the segments of an XLIFF file in their order. Raises InputError."""
    languages: dict[str, str] = {}
    article = 0
    for node in records(stream, name, "xliff", "trans-unit", "unit", ("xliff", "file")):
        if node.tag in ("xliff", "file"):
            languages = _languages(languages if node.tag == "file" else {}, node)
            article = max(0, _own(node, "article"))
        elif node.attributes.get("translate") == "no":  # parts of the document, not of its text
            continue
        elif node.cut:
            yield Rejected(node.line, "memory.unit_too_long")
        else:
            fits = all(
                not languages[side] or speaks(languages[side], code)
                for side, code in (("source", pair.source), ("target", pair.target))
            )
            parts = _first(node) if node.tag == "trans-unit" else _second(node)
            for source, target, state in parts:
                yield XliffSegment(
                    node.attributes.get("id", ""),
                    source,
                    target,
                    state if target.strip() else "new",
                    "\n".join(_notes(node)),
                    node.line,
                    _own(node, "revision"),
                    languages["original"],
                    fits,
                    article,
                )


def read_xliff(stream: BinaryIO, name: str, pair: Pair = RU_ZH) -> Iterator[Unit | Rejected]:
    """Yield the finished segments of an XLIFF file as units with their neighbours.

    The others are yielded as rejected. Raises InputError.
    """
    before = here = ""
    waiting: XliffSegment | None = None
    for item in read_segments(stream, name, pair):
        if isinstance(item, Rejected):
            yield item
            continue
        if waiting is not None:
            together = item.original == waiting.original
            yield _unit(waiting, before, item.source if together else "")
            before = here if together else ""
        waiting, here = item, item.source
    if waiting is not None:
        yield _unit(waiting, before, "")


def _unit(found: XliffSegment, before: str, after: str) -> Unit | Rejected:
    if not found.fits:
        return Rejected(found.line, "memory.unit_without_pair")
    if not found.source.strip():
        return Rejected(found.line, "memory.unit_empty")
    if found.state not in FINISHED:
        return Rejected(found.line, "units.unfinished")
    if max(len(found.source), len(found.target)) > LONGEST_SEGMENT:
        return Rejected(found.line, "memory.unit_too_long")
    return Unit(
        found.source,
        found.target,
        before,
        after,
        article=found.original,
        note=found.note,
        origin="import",
        props=(("prop:x-workbench-state", found.state),),
    )


# -- both versions --------------------------------------------------------------------------


def _languages(above: dict[str, str], node: Node) -> dict[str, str]:
    given = node.attributes
    return {
        "source": given.get("source-language") or given.get("srcLang") or above.get("source", ""),
        "target": given.get("target-language") or given.get("trgLang") or above.get("target", ""),
        "original": given.get("original", ""),
    }


def _own(node: Node, wanted: str) -> int:
    """Return a number that we wrote into the file, -1 for none."""
    said = (text for name, text in node.attributes.items() if name.endswith(f":{wanted}"))
    number = next(said, "")
    return int(number) if number.isdecimal() and number.isascii() and len(number) < 10 else -1


def _notes(node: Node) -> Iterator[str]:
    for holder in (node, *node.all("notes")):
        for note in holder.all("note"):
            if note.text.strip():
                yield note.text.strip()


def _text(node: Node) -> str:
    return "".join(
        part if isinstance(part, str) else "" if part.tag in CODES else _text(part)
        for part in node.parts
    )


def _side(node: Node, tag: str) -> str:
    return "".join(map(_text, node.all(tag)[:1]))


# -- 1.2 ------------------------------------------------------------------------------------


def _first(node: Node) -> Iterator[tuple[str, str, SegmentState]]:
    sources = {mid: text for held in node.all("seg-source") for mid, text in _marked(held)}
    targets = {mid: text for held in node.all("target")[:1] for mid, text in _marked(held)}
    confirmed = {
        part.attributes.get("id", ""): part.attributes.get("conf", "")
        for held in node.all("seg-defs")
        for part in held.all("seg")
    }
    if not sources or (node.all("target") and not targets):
        yield _side(node, "source"), _side(node, "target"), _state(node, confirmed.get("1", ""))
        return
    for mid, source in sources.items():
        yield source, targets.get(mid, ""), _state(node, confirmed.get(mid, ""))


def _marked(node: Node) -> Iterator[tuple[str, str]]:
    for part in node.elements:
        if part.tag == "mrk" and part.attributes.get("mtype") == "seg":
            yield part.attributes.get("mid", ""), _text(part)
        elif part.tag not in CODES:
            yield from _marked(part)


def _state(node: Node, confirmed: str) -> SegmentState:
    target = next(iter(node.all("target")), node).attributes
    if node.attributes.get("approved") == "yes":
        state = STATES.get(target.get("state", ""), "confirmed")
        return state if state in FINISHED else "confirmed"
    if target.get("state-qualifier") in _MACHINE:
        return "drafted"
    said = confirmed or target.get("state") or node.attributes.get("mq:status", "")
    return STATES.get(said, "edited" if said.startswith("needs-review") else "drafted")


# -- 2 --------------------------------------------------------------------------------------


def _second(node: Node) -> Iterator[tuple[str, str, SegmentState]]:
    for segment in node.all("segment"):
        state = STATES.get(segment.attributes.get("state", "initial"), "drafted")
        if state == "drafted" and segment.attributes.get("subState") == f"{_SUBSTATE}edited":
            state = "edited"
        yield _side(segment, "source"), _side(segment, "target"), state
