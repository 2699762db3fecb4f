"""Chinese forms for a name that may be new: from the surest source down to the table.

The ladder: the house glossary, pairs of earlier bulletins, the lists of names, the table of
syllables, an engine. Places come from the glossary only: the table is right for one in four.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from workbench.domain.term import Term
from workbench.languages.chinese_feminine import feminine_form, masculine_name
from workbench.languages.fold import key
from workbench.languages.nominative import nominative
from workbench.languages.russian import normalise
from workbench.languages.transcription import ELSEWHERE, from_elsewhere, transcribe
from workbench.services.name_lists import GivenName, Surname
from workbench.services.name_parts import NamePart, name_parts

Tier = Literal["glossary", "bulletin", "list", "table", "engine"]
TIERS: tuple[Tier, ...] = ("glossary", "bulletin", "list", "table", "engine")

LIMIT = 5
LONGEST = 120  # characters of a full name; whatever is longer is no name

# How often a proposal of the tier is right; of the table, measured on names of its kind.
_SURE: Mapping[Tier, float] = {
    "glossary": 1.0,
    "bulletin": 0.95,
    "list": 0.95,
    "table": 0.9,
    "engine": 0.5,
}
_GIVEN_BY_TABLE = 0.65  # the table's worth for given names, beside its worth for surnames
_LESS = 0.5  # what the Russian table is worth for names of other languages
_CLOSE = 1.0  # costs nearer than this are rivals
_CONTESTED = 0.92  # what the first is worth beside a close rival
_RIVAL = 0.15  # what the others are worth
_OTHER_FORM = 1.5  # cost of a form that is accepted beside the first one
# Cost of the table's form where a surer source has another one.
_TABLE_BELOW = {"surname": 2.0, "given": 4.0, "patronymic": 0.0}
_AHEAD = 100.0  # an entry for the whole name comes before everything made of its parts


@dataclass(frozen=True, slots=True)
class Proposal:
    """A Chinese form for a name: where it comes from, how it was made, how sure it is (0–1)."""

    zh: str
    tier: Tier
    trace: str
    confidence: float


@dataclass(frozen=True, slots=True)
class _Option:
    """A form under way; the cheapest are proposed."""

    zh: str
    tier: Tier
    trace: str
    cost: float
    sure: float


class Transcriber:
    """Proposes Chinese forms, best first; nothing is stored here."""

    def __init__(
        self,
        given: Mapping[str, GivenName],
        glossary: Callable[[str], tuple[Term, ...]],
        surnames: Mapping[str, Surname] | None = None,
        engine: Callable[[str], str] | None = None,
    ) -> None:
        """*glossary* returns the entries whose source is a name; *engine* translates one."""
        self._given = given
        self._glossary = glossary
        self._surnames = surnames or {}
        self._engine = engine

    def propose(
        self,
        name: str,
        type: Literal["person", "place"] = "person",  # noqa: A002 - the word of the trade
        gender: str = "",
    ) -> tuple[Proposal, ...]:
        """Return at most five proposals for a name in the nominative; empty if there is none.

        *gender* is m, f or empty: then patronymic, given name and surname tell it.
        """
        name = normalise(name)
        if not name or len(name) > LONGEST:
            return ()
        if type == "place":
            return _proposals(list(self._entries(name, "place")))
        made = self._person(name, gender)
        # A form that the parts make too is shown with its syllables.
        traces = {option.zh: option.trace for option in made}
        known = [
            replace(option, trace=traces.get(option.zh, option.trace), cost=option.cost - _AHEAD)
            for option in self._entries(name, "person")
        ]
        options = known + made
        if not options and self._engine is not None and (zh := self._engine(name)):
            options.append(_Option(zh, "engine", name, 0.0, _SURE["engine"]))
        return _proposals(options)

    def nominatives(self, words: str, gender: str = "") -> tuple[str, ...]:
        """Return the nominatives that a name may be a form of, likeliest first."""
        return nominative(words, gender, self._given)

    # -- the sources --------------------------------------------------------------------

    def _entries(self, name: str, type_: str) -> Iterator[_Option]:
        """Yield the forms of glossary entries; proposed ones were found in a bulletin."""
        for term in self._glossary(name):
            if term.type != type_ or term.status not in ("approved", "proposed"):
                continue
            tier: Tier = "glossary" if term.status == "approved" else "bulletin"
            below = 0.0 if tier == "glossary" else 0.1
            for option in _forms(term.source, term.accepted, tier):
                yield replace(option, cost=option.cost + below)

    def _forbidden(self, name: str) -> set[str]:
        """Return the forms that the house does not want for a name."""
        found: set[str] = set()
        for term in self._glossary(name):
            found.update(term.forbidden)
            if term.status in ("deprecated", "forbidden"):
                found.add(term.target)
        return found

    def _person(self, name: str, gender: str) -> list[_Option]:
        parts = name_parts(name, gender, self._given_gender)
        forbidden = self._forbidden(name)
        options = _combined([self._part(part) for part in parts])
        if any(from_elsewhere(part.word) for part in parts):
            options = [_flagged(option) for option in options]
        return [option for option in options if option.zh not in forbidden]

    def _given_gender(self, word: str) -> str:
        found = self._given.get(key(word))
        return found.gender if found else ""

    def _part(self, part: NamePart) -> list[_Option]:
        """Return the options of one word of a name, cheapest first."""
        if part.kind == "surname":
            sure = list(self._entries(part.word, "person")) or list(self._established(part))
        else:
            sure = list(self._listed(part)) if part.kind == "given" else []
        table = list(_table(part, below=_TABLE_BELOW[part.kind] if sure else 0.0))
        syllables = {option.zh: option.trace for option in table}
        sure = [replace(o, trace=syllables.get(o.zh, o.trace)) for o in sure]
        forbidden = self._forbidden(part.word) if part.kind == "surname" else set()
        return [o for o in _unique([*sure, *table]) if o.zh not in forbidden]

    def _listed(self, part: NamePart) -> Iterator[_Option]:
        folded = key(part.word)
        found = self._given.get(f"{folded}|{part.gender}") or self._given.get(folded)
        if found is not None:
            yield from _forms(part.word, (found.zh, *found.alternatives), "list")

    def _established(self, part: NamePart) -> Iterator[_Option]:
        """Yield forms of the surname list, and a woman's made from a man's: Жукова 朱可娃."""
        own = self._surnames.get(key(part.word))
        if own is not None:
            yield from _forms(part.word, (own.zh, *own.alternatives), "list")
            return
        man = masculine_name(part.word) if part.gender == "f" else ""
        if not man:
            return
        known = self._surnames.get(key(man))
        if known is not None:
            his = list(_forms(man, (known.zh, *known.alternatives), "list"))
        else:
            his = list(self._entries(man, "person"))
        for option in his:
            zh = feminine_form(man, option.zh)
            trace = f"{man}-{option.zh} {part.word}-{zh}"
            yield replace(option, zh=zh, trace=trace, sure=option.sure * 0.95)


def _forms(word: str, forms: Sequence[str], tier: Tier) -> Iterator[_Option]:
    """Yield an entry's forms: the first, and at a cost those accepted beside it."""
    for number, zh in enumerate(forms):
        cost = _OTHER_FORM + 0.1 * number if number else 0.0
        yield _Option(zh, tier, f"{word}-{zh}", cost, _SURE[tier] * (0.5 if number else 1.0))


def _table(part: NamePart, below: float) -> Iterator[_Option]:
    """Yield the table's forms; the first has most of the belief, close rivals some."""
    found = transcribe(part.word, part.kind, part.gender, limit=LIMIT)
    close = len(found) > 1 and found[1].cost - found[0].cost < _CLOSE
    for number, candidate in enumerate(found):
        behind = candidate.cost - found[0].cost
        sure = _SURE["table"] * (
            _RIVAL / (1.0 + behind) if number else _CONTESTED if close else 1.0
        )
        if part.kind == "given":
            sure *= _GIVEN_BY_TABLE
        if ELSEWHERE in candidate.trace:
            sure *= _LESS
        yield _Option(candidate.zh, "table", candidate.trace, below + behind, sure)


def _flagged(option: _Option) -> _Option:
    """Mark what the table made of a name that goes by another language's, once, at the end."""
    if option.tier != "table":
        return option
    mark = f" ({ELSEWHERE})"
    sure = option.sure * (1.0 if mark in option.trace else _LESS)
    return replace(option, trace=option.trace.replace(mark, "") + mark, sure=sure)


def _combined(columns: list[list[_Option]]) -> list[_Option]:
    """Join the words with a middle dot; the weakest source names the whole."""
    if not columns or not all(columns):
        return []
    found = columns[0]
    for column in columns[1:]:
        grown = [
            _Option(
                f"{a.zh}·{b.zh}",
                max(a.tier, b.tier, key=TIERS.index),
                f"{a.trace} · {b.trace}",
                round(a.cost + b.cost, 2),
                a.sure * b.sure,
            )
            for a in found
            for b in column
        ]
        found = _unique(grown)[: LIMIT * 2]
    return found


def _unique(options: list[_Option]) -> list[_Option]:
    seen: dict[str, _Option] = {}
    for option in sorted(options, key=lambda option: option.cost):
        seen.setdefault(option.zh, option)
    return list(seen.values())


def _proposals(options: list[_Option]) -> tuple[Proposal, ...]:
    best = _unique(options)[:LIMIT]
    return tuple(Proposal(o.zh, o.tier, o.trace, round(o.sure, 2)) for o in best)
