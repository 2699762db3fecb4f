"""Post-editing effort by translator, engine and article, and who may see whose."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

from workbench.domain.effort import BYS, By, EffortReport, EffortRow, Stretch, Worked
from workbench.domain.quality import EDIT_CLASSES, Hter
from workbench.errors import Forbidden, InputError, SettingsError
from workbench.services.accounts import Identity
from workbench.services.evaluation.edits import hter, joint_hter, names_in
from workbench.storage.efforts import Efforts

LONGEST_MS = 24 * 3600 * 1000  # a longer stretch comes from no editor
MOST = 2**31 - 1
SUMMED = ("active_ms", "elapsed_ms", "keystrokes", "inserted", "deleted", "pauses")


@dataclass(frozen=True, slots=True)
class Privacy:
    """Whose effort others may see: rows of *people* translators or more, or each by *names*."""

    people: int = 3
    names: bool = False


@dataclass(frozen=True, slots=True)
class _Piece:
    """One person's work on one segment."""

    worked: Worked
    author: str
    stretches: tuple[Stretch, ...]
    edits: Hter | None  # None where the person confirmed no draft


class Effort:
    """Keeps measured work and adds it up."""

    def __init__(self, efforts: Efforts, privacy: Privacy, measured: bool = True) -> None:
        """Keep it in *efforts*; nothing is kept unless it is *measured*."""
        self.efforts = efforts
        self.privacy = privacy
        self.measured = measured

    def record(self, stretches: Sequence[Stretch], author: str) -> int:
        """Keep what the editor measured of *author*; return how many stretches were new."""
        if not self.measured:
            return 0
        usable = [stretch for stretch in stretches if _usable(stretch)]
        return self.efforts.add(usable, author) if usable else 0

    def report(
        self,
        asker: Identity,
        by: str = "engine",
        since: str = "",
        until: str = "",
        article: int = 0,
        own: bool = False,
    ) -> EffortReport:
        """Return the effort that *asker* may see, of a period (days, both included).

        Who evaluates sees everybody's in sums of enough people, and by translator only where the
        settings permit it, or asks for their *own*; everybody else sees their own. Raises
        Forbidden, InputError.
        """
        group = _group(by)
        for day in (since, until):
            _check_day(day)
        own = own or not asker.may("evaluate")
        pieces = self._pieces(asker.name if own else None, article, since, until)
        alone = all(piece.author == asker.name for piece in pieces)
        if group == "translator" and not (own or alone or self.privacy.names):
            raise Forbidden("judgement.names_hidden")
        least = 0 if own or self.privacy.names else self.privacy.people
        groups: dict[str, list[_Piece]] = {}
        for piece in pieces:
            groups.setdefault(_KEYS[group](piece), []).append(piece)
        authors = {key: [piece.author for piece in some] for key, some in groups.items()}
        hidden = withheld(authors, asker.name, least)
        rows = [
            EffortRow(key, _label(group, key, some), withheld=True)
            if key in hidden
            else _sum(key, _label(group, key, some), some)
            for key, some in groups.items()
        ]
        rows.sort(key=lambda row: (row.withheld, -row.active_ms, row.label))
        few = _too_few((piece.author for piece in pieces), asker.name, least)
        total = EffortRow("", "", withheld=True) if few else _sum("", "", pieces)
        return EffortReport(group, tuple(rows), total, own, least, since, until)

    def forget(self, author: str | None = None, before: str = "") -> int:
        """Remove measurements of a person, or from before a day. Raises InputError."""
        if author is None and not before:
            raise SettingsError("judgement.forget_what")
        _check_day(before)
        return self.efforts.forget(author, before)

    def _pieces(self, author: str | None, article: int, since: str, until: str) -> list[_Piece]:
        stretches: dict[tuple[int, str], list[Stretch]] = {}
        for stretch in self.efforts.list(author, article, since, until):
            stretches.setdefault((stretch.segment_id, stretch.author), []).append(stretch)
        confirmed = self.efforts.confirmed(author, article, since, until)
        worked = self.efforts.worked({number for number, _ in stretches} | confirmed)
        for number in confirmed:
            # The newest confirmation counts, whoever confirmed earlier.
            if author in (None, worked[number].author):
                stretches.setdefault((number, worked[number].author), [])
        return [
            _Piece(
                worked[number],
                name,
                tuple(some),
                _edits(worked[number])
                if number in confirmed and worked[number].author == name
                else None,
            )
            for (number, name), some in stretches.items()
            if number in worked
        ]


_KEYS: Mapping[By, Callable[[_Piece], str]] = {
    "translator": lambda piece: piece.author,
    "engine": lambda piece: piece.worked.engine,
    "article": lambda piece: str(piece.worked.article_id),
}

CSV_COLUMNS = (
    *("key", "label", "people", "withheld", "segments", "characters", "stretches", *SUMMED),
    *("hter", "hter_low", "hter_high", "hter_segments", "hter_signature"),
    *(f"edits_{name}" for name in EDIT_CLASSES),
)


def as_csv(report: EffortReport) -> str:
    """Return a report as CSV with a byte order mark, which spreadsheets need for Chinese."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([report.by, *CSV_COLUMNS[1:]])
    for row in report.rows:
        plain = [_cell(getattr(row, name)) for name in CSV_COLUMNS[: 7 + len(SUMMED)]]
        if row.withheld:
            plain[4:] = [""] * len(plain[4:])
        writer.writerow([*plain, *_hter_cells(row)])
    return "\ufeff" + text.getvalue()


def _hter_cells(row: EffortRow) -> list[object]:
    if row.hter is None:
        return [""] * (5 + len(EDIT_CLASSES))
    score = row.hter.score
    figures = [score.value, score.low, score.high]
    cells: list[object] = ["" if figure is None else f"{figure:.2f}" for figure in figures]
    return [*cells, row.hter.size, score.signature, *(row.hter.edits[c] for c in EDIT_CLASSES)]


def _cell(value: object) -> object:
    """Return a value for a table; text that a spreadsheet would run as a formula is disarmed."""
    if isinstance(value, bool):
        return int(value)
    return f"'{value}" if isinstance(value, str) and value[:1] in tuple("=+-@\t\r") else value


def _label(group: By, key: str, pieces: Sequence[_Piece]) -> str:
    return pieces[0].worked.title if group == "article" else key


def withheld(authors: Mapping[str, Sequence[str]], asker: str, least: int) -> set[str]:
    """Return the rows that *asker* must not see; *authors* has who did each piece of a row.

    A row of somebody else's work needs *least* others. With those that lack them go as many of the
    smallest rows as are needed for *least* people behind all that is withheld: otherwise it could
    be told by subtraction from a sum.
    """
    hidden = {key for key, some in authors.items() if _too_few(some, asker, least)}
    others = sorted(authors.keys() - hidden, key=lambda key: (-len(authors[key]), key))
    while others and _too_few([name for key in hidden for name in authors[key]], asker, least):
        hidden.add(others.pop())
    return hidden


def _too_few(authors: Iterable[str], asker: str, least: int) -> bool:
    return 0 < len(set(authors) - {asker}) < least


def _edits(worked: Worked) -> Hter | None:
    """Return what a person made of a draft; None where there was none."""
    if not worked.draft or not worked.final:
        return None
    return hter(worked.draft, worked.final, names_in(worked.hits))


def _sum(key: str, label: str, pieces: Sequence[_Piece]) -> EffortRow:
    stretches = [stretch for piece in pieces for stretch in piece.stretches]
    worked = {piece.worked.segment_id: piece.worked for piece in pieces}
    edits = [piece.edits for piece in pieces if piece.edits is not None]
    return EffortRow(
        key,
        label,
        len({piece.author for piece in pieces}),
        segments=len(worked),
        characters=sum(len(each.source) for each in worked.values()),
        stretches=len(stretches),
        active_ms=sum(stretch.active_ms for stretch in stretches),
        elapsed_ms=sum(stretch.elapsed_ms for stretch in stretches),
        keystrokes=sum(stretch.keystrokes for stretch in stretches),
        inserted=sum(stretch.inserted for stretch in stretches),
        deleted=sum(stretch.deleted for stretch in stretches),
        pauses=sum(stretch.pauses for stretch in stretches),
        hter=joint_hter(edits) if edits else None,
    )


def _usable(stretch: Stretch) -> bool:
    """Tell whether a browser may have measured it."""
    times = 0 <= stretch.active_ms <= stretch.elapsed_ms <= LONGEST_MS
    numbers = [getattr(stretch, f.name) for f in fields(stretch) if f.type == "int"]
    return bool(stretch.key) and times and all(0 <= number <= MOST for number in numbers)


def _group(by: str) -> By:
    for known in BYS:
        if known == by:
            return known
    raise InputError("judgement.bad_group", name=by)


def _check_day(day: str) -> None:
    if not day:
        return
    try:
        if date.fromisoformat(day).isoformat() == day:
            return
    except ValueError:
        pass
    raise InputError("judgement.bad_day", day=day)
