"""Persons found by a neural recogniser: the models that the package ``natasha`` brings along.

The package itself is never imported – it pulls in an old dictionary and ``pkg_resources`` –, only
its two files are read, with the libraries that it is made of. Loading takes about 0.7 s and 250 MB,
so it happens at the first question.
"""

from __future__ import annotations

import threading
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from workbench.domain.language import Span

_EMBEDDING = "emb/navec_news_v1_1B_250K_300d_100q.tar"
_MODEL = "model/slovnet_ner_news_v1.tar"
_lock = threading.Lock()  # the network keeps its buffers between sentences


@cache
def available() -> bool:
    """Tell whether the extra ``names`` is installed."""
    return all(find_spec(name) for name in ("natasha", "slovnet", "navec")) and _data().is_dir()


def _data() -> Path:
    spec = find_spec("natasha")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "data"


@cache
def _recogniser() -> Any:
    from navec import Navec
    from slovnet import NER

    network = NER.load(_data() / _MODEL)
    network.navec(Navec.load(_data() / _EMBEDDING))
    return network


def persons(text: str) -> tuple[Span, ...]:
    """Return the places of persons' names in *text*, in order. Needs ``available()``."""
    if not text.strip():
        return ()
    with _lock:
        found = _recogniser()(text)
    return tuple(Span(span.start, span.stop) for span in found.spans if span.type == "PER")
