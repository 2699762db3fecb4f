"""Every sentence the workbench says about a problem, in English, Chinese and Russian.

A message has a key such as ``formats.empty``; its texts stand in the TOML file named by
the first part of the key (``messages/formats.toml``)::

    [empty]
    en = ["The file {name} is empty.", "Choose a file that holds text."]
    zh = ["文件“{name}”是空的。", "请选择有文字的文件。"]
    ru = ["Файл «{name}» пуст.", "Выберите файл с текстом."]

The first sentence says what is wrong, the second what to do (it may be left out for the
messages of checks).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

LANGUAGES = ("en", "zh", "ru")


@cache
def catalogue(area: str) -> Mapping[str, Mapping[str, list[str]]]:
    """Return the messages of one area: key → language → sentences."""
    text = files(__name__).joinpath(f"{area}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def say(key: str, language: str = "en", **values: object) -> tuple[str, str]:
    """Return (what is wrong, what to do) for *key*, filled with *values*."""
    area, _, name = key.partition(".")
    texts = catalogue(area)[name]
    sentences = texts.get(language) or texts["en"]
    filled = [sentence.format_map(values) for sentence in sentences]
    return filled[0], filled[1] if len(filled) > 1 else ""
