"""What post-editing costs: time, keys and changes, measured in the editor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workbench.domain.quality import HterReport
from workbench.domain.term import Hit

By = Literal["translator", "engine", "article"]
BYS: tuple[By, ...] = ("translator", "engine", "article")


@dataclass(frozen=True, slots=True)
class Stretch:
    """One stretch of work on one segment by one person, from entering the row to leaving it.

    ``key`` is the browser's: the same stretch sent twice counts once. ``active_ms`` leaves out
    hidden tabs and gaps of more than 30 s without a key, pointer or wheel; ``keystrokes`` are
    counted after composition (what an input method composes counts once); ``inserted`` and
    ``deleted`` are code points; ``pauses`` are gaps of 1 to 30 s between two changes of the text;
    ``revision`` is the segment's when the stretch ended.
    """

    key: str
    segment_id: int
    active_ms: int = 0
    elapsed_ms: int = 0
    keystrokes: int = 0
    inserted: int = 0
    deleted: int = 0
    pauses: int = 0
    revision: int = 0
    article_id: int = 0
    author: str = ""
    created: str = ""


@dataclass(frozen=True, slots=True)
class Worked:
    """A segment that somebody worked on.

    ``draft`` is what stood there before a person touched it, ``engine`` who drafted it (``memory``
    for the translation memory, empty where nobody did). ``final`` is the text that ``author``
    confirmed at ``confirmed`` (both empty while it is not); ``hits`` are the terms in the source.
    """

    segment_id: int
    article_id: int
    title: str
    source: str
    draft: str = ""
    engine: str = ""
    final: str = ""
    author: str = ""
    confirmed: str = ""
    hits: tuple[Hit, ...] = ()


@dataclass(frozen=True, slots=True)
class EffortRow:
    """The sums of one translator, engine or article.

    ``withheld``: fewer people than may be shown stand behind it, so every figure is 0 or None.
    ``segments`` and ``characters`` (of the Russian) are those worked on. ``hter`` compares drafts
    with the texts that were confirmed; None where no drafted segment was.
    """

    key: str
    label: str
    people: int = 0
    withheld: bool = False
    segments: int = 0
    characters: int = 0
    stretches: int = 0
    active_ms: int = 0
    elapsed_ms: int = 0
    keystrokes: int = 0
    inserted: int = 0
    deleted: int = 0
    pauses: int = 0
    hter: HterReport | None = None

    @property
    def speed(self) -> float | None:
        """Russian characters an hour of active time; None where no time was measured."""
        return self.characters * 3_600_000 / self.active_ms if self.active_ms else None


@dataclass(frozen=True, slots=True)
class EffortReport:
    """Effort by translator, engine or article, the largest first.

    ``own``: only the asker's work is in it. ``people`` is how many must stand behind a row that
    others may see. ``total`` sums all rows, those withheld too; itself withheld where too few
    people are behind it.
    """

    by: By
    rows: tuple[EffortRow, ...]
    total: EffortRow
    own: bool
    people: int
    since: str = ""
    until: str = ""
