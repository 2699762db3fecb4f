"""What an entry must be before it is stored, and the forms it is stored with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from workbench.domain.term import (
    FIELDS,
    TERM_STATUSES,
    TERM_TYPES,
    UNCERTAIN,
    Form,
    FormHow,
    Term,
    TermStatus,
)
from workbench.errors import Conflict, InputError
from workbench.languages.homoglyphs import mended
from workbench.languages.russian_forms import forms

# The states whose entries are looked for in texts.
LIVE_STATES: tuple[TermStatus, ...] = ("approved", "proposed")

NO_CASES = "all"
"""The case of the one form of a word that does not decline."""

_LIMIT = 200
_LETTER = re.compile(r"[А-Яа-яЁёA-Za-z]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_UNPRINTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")  # all of them but tab and line feed
_CYRILLIC = re.compile(r"[А-Яа-яЁё]")
_NEAR = re.compile(r"-?[^\W_]+(?:[- .][^\W_]+){0,5}")


def validated(term: Term) -> Term:
    """Return the entry with its texts tidied. Raises InputError when it cannot be used.

    Latin letters that only look Cyrillic are mended in the Russian side (``term_advice`` says so).
    """
    source, target = mended(_line(term.source)), _line(term.target)
    if not source or not target:
        raise InputError("terms.empty_side")
    for text in (source, target, *term.variants, *term.forbidden):
        if len(text) > _LIMIT:
            raise InputError("terms.too_long", source=text[:40], limit=_LIMIT)
    if not _LETTER.search(source):
        raise InputError("terms.not_russian", source=source)
    for text in (target, *term.variants):
        if _CYRILLIC.search(text):
            raise InputError("terms.not_chinese", source=source, target=text)
    if term.type not in TERM_TYPES:
        raise InputError("terms.unknown_type", type=term.type, known=", ".join(TERM_TYPES))
    if term.status not in TERM_STATUSES:
        known = ", ".join(TERM_STATUSES)
        raise InputError("terms.unknown_status", status=term.status, known=known)
    begins, ends = _date(term.valid_from), _date(term.valid_to)
    if begins and ends and begins > ends:
        raise InputError("terms.dates_crossed", begins=begins, ends=ends)
    return replace(
        term,
        source=source,
        target=target,
        variants=_tidied(term.variants, target),
        forbidden=_tidied(term.forbidden, target),
        note=_UNPRINTED.sub(" ", term.note).strip(),
        provenance=_line(term.provenance),
        valid_from=begins,
        valid_to=ends,
        context=_near(term.context),
    )


def _line(text: str) -> str:
    """Return *text* on one line, without control characters."""
    return " ".join(_CONTROL.sub(" ", text).split())


def lines(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the texts, each on one line and once, without empty ones."""
    return tuple(dict.fromkeys(filter(None, map(_line, texts))))


def decided(texts: Iterable[str], how: FormHow) -> tuple[Form, ...]:
    """Return the Russian forms that a person wrote. Raises InputError for what is none."""
    written = lines(texts)
    for text in written:
        if len(text) > _LIMIT:
            raise InputError("terms.too_long", source=text[:40], limit=_LIMIT)
        if not _LETTER.search(text):
            raise InputError("terms.not_russian", source=text)
    return tuple(Form(text, how=how) for text in written)


def _tidied(texts: tuple[str, ...], target: str) -> tuple[str, ...]:
    """Return other forms, each once; a stroke parts them, as it does in files."""
    parts = (part for text in texts for part in text.split("|"))
    return tuple(text for text in lines(parts) if text != target)


def _near(texts: Iterable[str]) -> tuple[str, ...]:
    """Return context words in small letters, each once. Raises InputError for what is none."""
    words = lines(text.lower() for text in texts)
    for word in words:
        if word != UNCERTAIN and word not in FIELDS and not _NEAR.fullmatch(word):
            raise InputError("terms.bad_context", word=word[:40])
    return words


def _date(text: str) -> str:
    """Return a date as 2026-11-25, or an empty string for none. Raises InputError."""
    text = text.strip()
    if not text:
        return ""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise InputError("terms.bad_date", date=text) from error


def overlap(a: Term, b: Term) -> bool:
    """Tell whether two entries hold on a common day."""
    early = a.valid_to and b.valid_from and a.valid_to < b.valid_from
    late = b.valid_to and a.valid_from and b.valid_to < a.valid_from
    return not (early or late)


def dated(term: Term) -> bool:
    """Tell whether the entry holds for some time only."""
    return bool(term.valid_from or term.valid_to)


def refuse_rival(term: Term, other: Term) -> None:
    """Raise Conflict when two entries of one source say the same, or both have dates that meet.

    Different Chinese without dates is allowed (two people of one name) and reported by ``check``.
    """
    if not overlap(term, other):
        return
    values = {"source": other.source, "target": other.target, "id": other.id}
    if term.target == other.target:
        raise Conflict("terms.duplicate", **values)
    if term.type == other.type and dated(term) and dated(other):
        raise Conflict("terms.dates_overlap", **values)


def with_forms(term: Term) -> Term:
    """Return the entry with its generated forms and those that a person added or struck.

    An entry that is said not to decline keeps its one form as long as its Russian stays.
    """
    own = by_hand(term.forms)
    decided = {form.text for form in own}
    made = undeclined(term) or forms(term.source, term.type)
    return replace(term, forms=(*(form for form in made if form.text not in decided), *own))


def undeclined(term: Term) -> tuple[Form, ...]:
    """Return the only form of an entry that is said not to decline, nothing for others."""
    return tuple(form for form in term.forms if form == Form(term.source, NO_CASES))


def by_hand(found: Sequence[Form]) -> tuple[Form, ...]:
    """Return the forms that a person decided on."""
    return tuple(form for form in found if form.how != "generated")
