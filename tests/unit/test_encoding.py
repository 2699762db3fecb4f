"""Encodings of Russian text told from bytes alone."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import InputError
from workbench.formats.encoding import decode, repaired

PROSE = (
    (Path(__file__).parents[2] / "corpora" / "ru-zh" / "eval" / "newsdesk.ru")
    .read_text(encoding="utf-8")
    .splitlines()
)
UNICODE = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
ONE_BYTE = ["cp1251", "koi8-r", "cp866", "iso8859-5"]


def written(text: str, codec: str) -> tuple[bytes, str]:
    """Return the bytes in *codec*, and the text less what the codec lacks."""
    data = text.encode(codec, errors="ignore")
    return data, data.decode(codec)


@pytest.mark.parametrize("codec", UNICODE + ONE_BYTE)
@settings(deadline=None)
@given(
    lines=st.lists(st.sampled_from(PROSE), min_size=1, max_size=8, unique=True),
    upper=st.booleans(),
)
def test_any_news_lines_come_back_from_any_encoding(
    codec: str, lines: list[str], upper: bool
) -> None:
    text = "\n".join(lines)
    # A few words all in capitals look alike in KOI8-R and windows-1251.
    data, text = written(text.upper() if upper and len(lines) > 4 else text, codec)
    assert decode(data, "a.txt") == text


@pytest.mark.parametrize("codec", UNICODE)
@settings(deadline=None)
@given(text=st.text(st.characters(min_codepoint=0x410, max_codepoint=0x44F), min_size=1))
def test_unicode_comes_back_whatever_the_words(codec: str, text: str) -> None:
    assert decode(text.encode(codec), "a.txt") == text


@pytest.mark.parametrize("codec", ["cp1251", "koi8-r"])
def test_single_words_are_nearly_always_told_apart(codec: str) -> None:
    words = [word for line in PROSE for word in line.split() if word.isalpha() and len(word) >= 6]
    sample = random.Random(7).sample(words, 300)
    right = sum(decode(word.encode(codec), "a.txt") == word for word in sample)
    assert right >= 290


def test_a_declared_encoding_counts_after_what_cannot_be_mistaken() -> None:
    text = "Токаев прибыл в Бишкек"
    assert decode(text.encode("utf-8"), "a.html", "windows-1251") == text
    assert decode("Ђ±™".encode("cp1251"), "a.html", "windows-1251") == "Ђ±™"
    assert decode(text.encode("koi8-r"), "a.html", "no-such-charset") == text


@settings(deadline=None)
@given(lines=st.lists(st.sampled_from(PROSE), min_size=1, max_size=3))
def test_utf8_once_taken_for_windows_1251_is_repaired(lines: list[str]) -> None:
    text = "\n".join(lines)
    garbled = "\x98".join(part.decode("cp1251") for part in text.encode().split(b"\x98"))
    assert garbled != text
    assert decode(garbled.encode(), "a.txt") == text
    assert repaired(text) == text


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "formats.not_text"),
        (b"PK\x03\x04" + bytes(100), "formats.not_text"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "formats.not_text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "formats.not_text"),
        (random.Random(1).randbytes(5000), "formats.unknown_encoding"),
        (bytes(range(32)) * 20, "formats.not_text"),
        ("总统抵达比什凯克，会谈持续了三个小时。".encode("gb18030"), "formats.unknown_encoding"),
        ("総理は会談した。".encode("shift-jis"), "formats.unknown_encoding"),
        ("Токаев прибыл ".encode() * 20 + b"\xd0", "formats.damaged"),
        (b"\xff\xfe" + "Токаев".encode("utf-16-le") + b"\x10", "formats.damaged"),
        (b"\xef\xbb\xbf\xff\xfe\xfd", "formats.damaged"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, key: str) -> None:
    with pytest.raises(InputError) as error:
        decode(data, "a.txt")
    assert error.value.key == key


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_text_or_one_clear_error(data: bytes) -> None:
    with suppress(InputError):
        assert isinstance(decode(data, "a.txt"), str)
