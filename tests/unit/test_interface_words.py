"""The words of the interface: the same keys in each language, and all that the modules ask for."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from workbench.domain.memory import OWN_REASONS

UI = Path(__file__).parents[2] / "workbench" / "ui"
LANGUAGES = ("zh", "ru", "en")


def texts(language: str) -> dict[str, str]:
    sections = tomllib.loads((UI / "strings" / f"{language}.toml").read_text(encoding="utf-8"))
    return {f"{name}.{key}": text for name, keys in sections.items() for key, text in keys.items()}


def slots(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def test_every_language_has_the_same_keys_and_the_same_slots() -> None:
    zh = texts("zh")
    for language in ("ru", "en"):
        other = texts(language)
        assert other.keys() == zh.keys()
        assert {key: slots(text) for key, text in other.items()} == {
            key: slots(text) for key, text in zh.items()
        }


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_left_in_another_script(language: str) -> None:
    for key, text in texts(language).items():
        assert text.strip(), key
        if language != "ru":
            assert not re.search("[а-яё]", text), key
        if language != "zh":
            assert not re.search("[一-鿿]", text), key


def test_every_key_that_a_module_names_exists() -> None:
    known = texts("zh")
    asked = set()
    for path in (UI / "static").glob("*.js"):
        asked |= set(re.findall(r"\bt\('([\w.-]+)'", path.read_text(encoding="utf-8")))
    for path in UI.rglob("*.py"):
        content = path.read_text(encoding="utf-8")
        asked |= set(re.findall(r"\b(?:strings|say)\(\s*\"([\w.-]+)\"", content))
    assert len(asked) > 100
    assert asked - known.keys() == set()


def test_the_memorys_own_reasons_have_words_on_both_pages() -> None:
    wanted = {f"unit.why_{reason.replace(' ', '_')}" for reason in OWN_REASONS}
    assert {key for key in texts("zh") if key.startswith("unit.why_")} == wanted
    script = (UI / "static" / "unit.js").read_text(encoding="utf-8")
    listed = re.search(r"OWN_REASONS = \[([^\]]*)\]", script)
    assert listed is not None
    assert tuple(re.findall("'([^']+)'", listed.group(1))) == OWN_REASONS
