"""What an entry must be before it is stored, and the forms it is stored with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from workbench.domain.term import TERM_STATUSES, TERM_TYPES, Form, Term
from workbench.errors import InputError
from workbench.languages.russian_forms import forms

_LIMIT = 200
_LETTER = re.compile(r"[А-Яа-яЁёA-Za-z]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_CYRILLIC = re.compile(r"[А-Яа-яЁё]")


def validated(term: Term) -> Term:
    """Return the entry with its texts tidied. Raises InputError when it cannot be used."""
    source, target = _line(term.source), _line(term.target)
    if not source or not target:
        raise InputError("terms.empty_side")
    for text in (source, target, *term.variants, *term.forbidden):
        if len(text) > _LIMIT:
            raise InputError("terms.too_long", source=text[:40], limit=_LIMIT)
    if not _LETTER.search(source):
        raise InputError("terms.not_russian", source=source)
    if _CYRILLIC.search(target):
        raise InputError("terms.not_chinese", source=source, target=target)
    if term.type not in TERM_TYPES:
        raise InputError("terms.unknown_type", type=term.type, known=", ".join(TERM_TYPES))
    if term.status not in TERM_STATUSES:
        known = ", ".join(TERM_STATUSES)
        raise InputError("terms.unknown_status", status=term.status, known=known)
    for day in (term.valid_from, term.valid_to):
        _check_date(day)
    return replace(
        term,
        source=source,
        target=target,
        variants=_tidied(term.variants, target),
        forbidden=_tidied(term.forbidden, target),
        note=term.note.strip(),
    )


def _line(text: str) -> str:
    """Return *text* on one line, without control characters."""
    return " ".join(_CONTROL.sub(" ", text).split())


def lines(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the texts, each on one line and once, without empty ones."""
    return tuple(dict.fromkeys(filter(None, map(_line, texts))))


def _tidied(texts: tuple[str, ...], target: str) -> tuple[str, ...]:
    return tuple(text for text in lines(texts) if text != target)


def _check_date(text: str) -> None:
    if not text:
        return
    try:
        date.fromisoformat(text)
    except ValueError as error:
        raise InputError("terms.bad_date", date=text) from error


def with_forms(term: Term) -> Term:
    """Return the entry with its generated forms and those that a person added or struck."""
    own = by_hand(term.forms)
    decided = {form.text for form in own}
    made = [form for form in forms(term.source, term.type) if form.text not in decided]
    return replace(term, forms=(*made, *own))


def by_hand(found: Sequence[Form]) -> tuple[Form, ...]:
    """Return the forms that a person decided on."""
    return tuple(form for form in found if form.how != "generated")
