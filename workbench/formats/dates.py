"""Dates as articles write them, brought to ISO 8601."""

from __future__ import annotations

import re
from datetime import date

MONTHS = {
    "январ": 1,
    "феврал": 2,
    "март": 3,
    "апрел": 4,
    "ма": 5,
    "июн": 6,
    "июл": 7,
    "август": 8,
    "сентябр": 9,
    "октябр": 10,
    "ноябр": 11,
    "декабр": 12,
}
TIME = r"(?:[,t ]\s*(?:в\s+)?\d{1,2}:\d{2}\S*)?"
IN_WORDS = re.compile(rf"(\d{{1,2}})\s+([а-яё]+)\s+(\d{{4}})(?:\s*г\.|\s*года)?{TIME}")
DOTTED = re.compile(rf"(\d{{1,2}})[./](\d{{1,2}})[./](\d{{4}})(?:\s*г\.)?{TIME}")
ISO = re.compile(rf"(\d{{4}})-(\d{{2}})-(\d{{2}}){TIME}")


def iso_date(text: str) -> str:
    """Return ``2026-11-25`` if *text* is a date and nothing else, or an empty string."""
    text = text.strip().lower()
    if match := ISO.fullmatch(text):
        year, month, day = map(int, match.groups())
    elif match := DOTTED.fullmatch(text):
        day, month, year = map(int, match.groups())
    elif match := IN_WORDS.fullmatch(text):
        day, month, year = int(match[1]), _month(match[2]), int(match[3])
    else:
        return ""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


def _month(word: str) -> int:
    return MONTHS.get(re.sub("(?:ь|я|а|й)$", "", word), 0)
