"""Terms enforced in the draft of any engine: hint, check, choose, re-decode, substitute, force.

The first four ask the engine, as far as it can; the last two are string operations, so every
approved term stands in the target whatever the engine did. The receipt of each occurrence says
which layer put it there.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from workbench.domain.damage import looping
from workbench.domain.language import Pair
from workbench.domain.ports import EngineInfo, Request, Stop, TermHint, Translator, never
from workbench.domain.row import Candidate
from workbench.domain.term import Hit, Method, Receipt
from workbench.errors import Cancelled, EngineError
from workbench.languages.numbers import differences
from workbench.services.term_placement import Placement, entity, placements
from workbench.services.term_repair import Draft, best_start, repair, wrong_renderings
from workbench.services.terminology import Terminology

log = logging.getLogger(__name__)

Item = tuple[Request, tuple[Hit, ...]]

_CANDIDATES = 4
_ROUNDS = 3
_ASKED_AGAIN = 2  # answers of a language model: the second is sampled, if the first is no better
_REPETITION = 0.15  # how much more a repaired text may repeat itself


@dataclass(frozen=True, slots=True)
class Enforced:
    """A draft with its terms in place; ``candidates`` are the engine's own, best first."""

    text: str
    receipts: tuple[Receipt, ...] = ()
    engine: str = ""
    candidates: tuple[Candidate, ...] = ()


@dataclass(slots=True)
class _Work:
    """One sentence on its way through the layers."""

    index: int
    request: Request
    hits: tuple[Hit, ...]
    candidates: tuple[Candidate, ...] = ()
    chosen: Candidate = field(default_factory=lambda: Candidate(""))
    honoured: frozenset[object] = frozenset()
    methods: dict[object, Method] = field(default_factory=dict)
    unwanted: tuple[str, ...] = ()  # what a repair left standing beside the term

    @property
    def required(self) -> tuple[Hit, ...]:
        """The hits that must stand in the target."""
        return tuple(h for h in self.hits if h.state == "found" and h.term.status == "approved")

    @property
    def missing(self) -> tuple[Hit, ...]:
        """The first mention of each entry that does not stand there yet."""
        first: dict[object, Hit] = {}
        for hit in self.required:
            first.setdefault(entity(hit), hit)
        return tuple(hit for name, hit in first.items() if name not in self.honoured)


@dataclass(frozen=True, slots=True)
class Enforcement:
    """Drafts sentences with an engine so that each approved term stands in the target."""

    terminology: Terminology

    def translate(
        self, pair: Pair, items: Sequence[Item], translator: Translator, stop: Stop = never
    ) -> Iterator[tuple[int, Enforced]]:
        """Yield (index of the item, its draft) as they are ready, each item once.

        Raises what the engine raises in the first pass; a failed repair by the engine only means
        that the terms are put in without it.
        """
        info = translator.info
        works = [_Work(n, request, hits) for n, (request, hits) in enumerate(items)]
        waiting = {work.index: work for work in works}
        short: list[_Work] = []
        requests = [_hinted(work, info) for work in works]
        for index, candidates in translator.translate(pair, requests, stop):
            work = waiting.pop(index)
            self._choose(work, candidates)
            if work.missing:
                short.append(work)
            else:
                yield index, self._finished(work, info)
        short += waiting.values()
        self._ask_again(pair, short, translator, stop)
        for work in short:
            yield work.index, self._finished(self._put_in(work), info)

    # -- layers -------------------------------------------------------------------------

    def _choose(self, work: _Work, candidates: tuple[Candidate, ...]) -> None:
        """Take the candidate with most terms; among equals the engine's order holds."""
        work.candidates = candidates
        if not candidates:
            return
        standing = [self._standing(work, candidate.text) for candidate in candidates]
        best = max(
            range(len(candidates)),
            key=lambda n: (_usable(candidates[n].text, work), len(standing[n]), -n),
        )
        work.chosen, work.honoured = candidates[best], standing[best]
        for name in work.honoured:
            work.methods[name] = "model" if name in standing[0] else "nbest"

    def _ask_again(
        self, pair: Pair, works: Sequence[_Work], translator: Translator, stop: Stop
    ) -> None:
        """Let the engine repair: from a forced prefix, or asked once for the missing terms."""
        info = translator.info
        rounds = _ROUNDS if info.prefix else int(info.terms == "prompt")
        for _ in range(rounds):
            asked = [work for work in works if work.missing and work.chosen.text.strip()]
            if not asked:
                return
            requests = [self._repairing(work, info) for work in asked]
            gained, unwanted = False, [work.unwanted for work in asked]
            try:
                for index, candidates in translator.translate(pair, requests, stop):
                    gained |= self._accept(asked[index], candidates)
            except Cancelled:
                raise
            except EngineError as error:
                log.warning("terms are put in without the engine: %s", error)
                return
            if not gained and unwanted == [work.unwanted for work in asked]:
                return

    def _repairing(self, work: _Work, info: EngineInfo) -> Request:
        """Ask for the first missing term at its place, or show what lacks all of them."""
        hinted = _hinted(work, info)
        text, links = work.chosen.text, work.chosen.alignment
        if not info.prefix:
            shown = "" if looping(text, work.request.text) else text
            missing = _hints(work.missing)
            avoid = (*hinted.avoid, *work.unwanted)
            return replace(hinted, draft=shown, missing=missing, count=_ASKED_AGAIN, avoid=avoid)
        taken = [placement.span for placement in self._placed(work, text)]
        starts = [
            (best_start(links, work.request.text, hit, text, taken), hit.span.start, hit)
            for hit in work.missing
        ]
        start, _, hit = min(starts, key=lambda found: found[:2])
        prefix = text[:start] + hit.term.target
        # What the beginning holds already cannot be avoided any more.
        avoid = tuple(wrong for wrong in (*hinted.avoid, *work.unwanted) if wrong not in prefix)
        return replace(hinted, prefix=prefix, avoid=avoid, count=1)

    def _accept(self, work: _Work, candidates: Sequence[Candidate]) -> bool:
        """Take the repaired candidate that gains most and loses nothing, if it is a sentence."""
        gains = [
            (len(standing), -n, candidate, standing)
            for n, candidate in enumerate(candidates)
            if (standing := self._standing(work, candidate.text)) > work.honoured
            and self._sound(work, candidate.text)
            and not self._doubled(work, candidate.text, standing)
        ]
        if not gains:
            return False
        *_, candidate, standing = max(gains, key=lambda gain: gain[:2])
        for name in standing - work.honoured:
            work.methods[name] = "redecoded"
        work.chosen, work.honoured = candidate, standing
        return True

    def _sound(self, work: _Work, text: str) -> bool:
        """Tell whether a repaired text is as good a sentence as the draft, terms aside."""
        ratio = len(text) / max(1, len(work.chosen.text))
        if not 0.5 <= ratio <= 2 or looping(text, work.request.text) or self._overdone(work, text):
            return False
        if repetition(text) > repetition(work.chosen.text) + _REPETITION:
            return False
        source = work.request.text
        return wrong_numbers(source, text) <= wrong_numbers(source, work.chosen.text)

    def _doubled(self, work: _Work, text: str, standing: frozenset[object]) -> bool:
        """Tell whether a term came but its wrong rendering stayed; the next round avoids that."""
        draft = work.chosen.text
        taken = [placement.span for placement in self._placed(work, draft)]
        left = [
            wrong
            for hit in work.missing
            if entity(hit) in standing
            for wrong in wrong_renderings(draft, hit, taken)
            if text.count(wrong) >= draft.count(wrong)
        ]
        work.unwanted = tuple(dict.fromkeys((*work.unwanted, *left)))
        return bool(left)

    def _put_in(self, work: _Work) -> _Work:
        """Substitute or force what the engine left out."""
        draft = Draft(work.chosen.text, work.chosen.alignment)
        draft, methods = repair(
            draft,
            work.request.text,
            work.missing,
            lambda text: self._standing(work, text),
            lambda text: [p.span for p in self._placed(work, text)],
        )
        work.chosen = replace(work.chosen, text=draft.text, alignment=draft.links)
        work.methods |= methods
        return work

    def _finished(self, work: _Work, info: EngineInfo) -> Enforced:
        receipts = self.terminology.verify(work.hits, work.chosen.text, short=False)
        signed = tuple(
            replace(receipt, method=work.methods.get(entity(receipt.hit), "model"))
            if receipt.state == "honoured"
            else receipt
            for receipt in receipts
        )
        engine = work.chosen.engine or info.name
        return Enforced(work.chosen.text, signed, engine, work.candidates)

    # -- questions ----------------------------------------------------------------------

    def _standing(self, work: _Work, text: str) -> frozenset[object]:
        """Return the required entries that stand in *text*."""
        receipts = self.terminology.verify(work.required, text, short=False)
        return frozenset(entity(r.hit) for r in receipts if r.state == "honoured")

    def _placed(self, work: _Work, text: str) -> list[Placement]:
        return placements(work.hits, text, self.terminology.shields(), short=False)

    def _overdone(self, work: _Work, text: str) -> bool:
        """Tell whether a term stands oftener than the source mentions it."""
        found = self._placed(work, text)
        for hit in work.missing:
            mentions = sum(entity(other) == entity(hit) for other in work.required)
            if sum(p.form in hit.term.accepted for p in found) > mentions:
                return True
        return False


def repetition(text: str) -> float:
    """Return the share of character pairs that stood in the text before, 0–1."""
    pairs = [text[n : n + 2] for n in range(len(text) - 1)]
    return 1 - len(set(pairs)) / len(pairs) if pairs else 0.0


def wrong_numbers(source: str, target: str) -> int:
    """Count the figures of one side that have no partner of equal value on the other."""
    return sum(map(len, differences(source, target)))


def _usable(text: str, work: _Work) -> int:
    """Grade a candidate as a sentence: 0 empty, 1 looping, 2 of odd length, 3 fine."""
    if not text.strip():
        return 0
    if looping(text, work.request.text):
        return 1
    ratio = len(text) / max(1, len(work.request.text))
    return 3 if 0.1 <= ratio <= 1.6 or len(work.request.text) < 12 else 2


def _hinted(work: _Work, info: EngineInfo) -> Request:
    """Tell the engine the wanted terms, as far as it can be told."""
    if not work.required:
        return work.request
    terms = _hints(work.required) if info.terms != "none" else ()
    avoid = tuple(dict.fromkeys(text for hit in work.required for text in hit.term.forbidden))
    count = max(work.request.count, _CANDIDATES if info.nbest else 1)
    return replace(work.request, terms=terms, avoid=avoid, count=count)


def _hints(hits: Sequence[Hit]) -> tuple[TermHint, ...]:
    return tuple(TermHint(hit.span, hit.form, hit.term.target) for hit in hits)
