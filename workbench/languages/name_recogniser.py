"""Persons found by a neural recogniser: the models that the package ``natasha`` brings along.

The package itself is never imported – it pulls in an old dictionary and ``pkg_resources`` –, only
its two files are read, with the libraries that it is made of. Loading takes about 0.7 s and 250 MB,
so it happens at the first question.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from workbench.domain.language import Span

_EMBEDDING = "emb/navec_news_v1_1B_250K_300d_100q.tar"
_MODEL = "model/slovnet_ner_news_v1.tar"
_REMEMBERED = 20_000  # sentences
_lock = threading.Lock()  # the network keeps its buffers between sentences
_seen: OrderedDict[str, tuple[Span, ...]] = OrderedDict()


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


def persons(texts: Sequence[str]) -> list[tuple[Span, ...]]:
    """Return the places of persons' names in each of some sentences. Needs ``available()``.

    Sentences go to the network together – one at a time costs six times as much – and are
    remembered.
    """
    with _lock:
        fresh = [text for text in dict.fromkeys(texts) if text.strip() and text not in _seen]
        for text, found in zip(fresh, _recogniser().map(fresh) if fresh else (), strict=True):
            _seen[text] = tuple(Span(s.start, s.stop) for s in found.spans if s.type == "PER")
        answers = [_seen.get(text, ()) for text in texts]
        while len(_seen) > _REMEMBERED:
            _seen.popitem(last=False)
    return answers
