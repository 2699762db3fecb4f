"""The words of the interface, in Chinese, Russian and English: ``section.key`` in three TOML files.

Labels of Gradio components follow the browser's language (``strings("glossary.search")`` gives a
marker that the page resolves); what a handler answers is said in the request's language
(``say("glossary.added", request, source=…)``).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import gradio as gr
from fastapi import Request

from workbench.errors import WorkbenchError
from workbench.web.identity import language_in

LANGUAGES = ("zh", "ru", "en")
# The names by which browsers ask for them, and so the keys of Gradio's table.
BROWSER_NAMES = {"zh": "zh-CN", "ru": "ru", "en": "en"}


@cache
def texts(language: str) -> Mapping[str, str]:
    """Return every text of a language by ``section.key``."""
    content = files(__name__).joinpath(f"{language}.toml").read_text(encoding="utf-8")
    return {
        f"{section}.{key}": text
        for section, keys in tomllib.loads(content).items()
        for key, text in keys.items()
    }


def say(key: str, asked: str | Request | gr.Request, **values: object) -> str:
    """Return a text, filled, in a language or in that of a request."""
    language = asked if isinstance(asked, str) else language_of(asked)
    return texts(language)[key].format_map(values)


def language_of(request: Request | gr.Request) -> str:
    """Return the language to answer in."""
    return language_in(getattr(request, "request", None) or request)


def problem(error: WorkbenchError, request: Request | gr.Request) -> gr.Error:
    """Return *error* as Gradio shows it, in the request's language."""
    return failure(" ".join(error.say(language_of(request))).strip(), request)


def failure(text: str, request: Request | gr.Request) -> gr.Error:
    """Return what Gradio shows when something cannot be done."""
    return gr.Error(text, title=say("app.failure", request), print_exception=False)


class Strings:
    """Labels for Gradio components."""

    def __init__(self) -> None:
        tables = {BROWSER_NAMES[language]: _flat(language) for language in LANGUAGES}
        self.i18n = gr.I18n(**tables)

    def __call__(self, key: str) -> Any:
        """Return the marker of a text for a label, a heading or a button."""
        if key not in texts("zh"):
            raise KeyError(key)
        return self.i18n(_name(key))


def _flat(language: str) -> dict[str, str]:
    return {_name(key): text for key, text in texts(language).items()}


def _name(key: str) -> str:
    """Gradio's tables read a point as a path, so keys get another separator there."""
    return key.replace(".", "__").replace("-", "_")
