"""Other ways to find like sentences, as others go about it; each asked for the five most alike.

A search that takes longer than ``PATIENCE`` (of CPU time, or of a clock that allows for what else
is running) is given up: it found nothing, and took so long.
"""

from __future__ import annotations

import math
import os
import re
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

PATIENCE = 20  # seconds
WORD = re.compile(r"[^\W_]+")
TOKEN = re.compile(r"[^\W_]+|[^\w\s]")


class Rival(Protocol):
    """A way to find sentences."""

    name: str
    most: int
    """Queries that can be asked in a reasonable time."""

    def build(self, sources: Sequence[str]) -> int:
        """Take the sentences in; return the bytes taken."""
        ...

    def similar(self, text: str) -> list[str]:
        """Return the sentences most alike."""
        ...

    def clock(self) -> float:
        """Return the CPU time spent so far, in seconds."""
        ...


def nearest(text: str, texts: Iterable[str]) -> list[str]:
    """Return the five most alike, character by character."""
    found = process.extract(text, list(texts), scorer=Levenshtein.normalized_similarity, limit=5)
    return [some for some, _, _ in found]


class EveryUnit:
    """RapidFuzz compares the sentence with every unit."""

    name = "RapidFuzz, every unit"
    most = 20
    clock = staticmethod(time.process_time)

    def build(self, sources: Sequence[str]) -> int:
        self.sources = sources
        return 0

    def similar(self, text: str) -> list[str]:
        return nearest(text, self.sources)


class FullText:
    """SQLite's FTS5 by the five rarest words, 200 rows by bm25, compared by RapidFuzz."""

    name = "SQLite FTS5 + RapidFuzz"
    most = 100
    clock = staticmethod(time.process_time)

    def __init__(self, folder: Path) -> None:
        self.file = folder / "fts5.sqlite"
        self.file.unlink(missing_ok=True)  # of an earlier run
        self.base = sqlite3.connect(self.file)

    def build(self, sources: Sequence[str]) -> int:
        self.base.execute("CREATE VIRTUAL TABLE t USING fts5(source)")
        self.base.executemany("INSERT INTO t VALUES (?)", ((text,) for text in sources))
        self.base.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, row)")
        self.base.commit()
        return self.file.stat().st_size

    def similar(self, text: str) -> list[str]:
        words = list(dict.fromkeys(WORD.findall(text.lower())))
        marks = ",".join("?" * len(words))
        rarest = self.base.execute(
            f"SELECT term FROM v WHERE term IN ({marks}) ORDER BY doc LIMIT 5", words
        )
        asked = " OR ".join(f'"{term}"' for (term,) in rarest)
        if not asked:
            return []
        rows = self.base.execute(
            "SELECT source FROM t WHERE t MATCH ? ORDER BY bm25(t) LIMIT 200", (asked,)
        )
        return nearest(text, (source for (source,) in rows))


class Trigrams:
    """PostgreSQL's pg_trgm as Weblate asks it: a threshold that sinks while nothing is found."""

    name = "PostgreSQL pg_trgm (Weblate's query)"
    most = 30

    def __init__(self, address: str) -> None:
        import psycopg

        self.base: Any = psycopg.connect(address, autocommit=True)
        self.late: Any = psycopg.errors.QueryCanceled
        self.base.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        (self.process,) = self.base.execute("SELECT pg_backend_pid()").fetchone()

    def build(self, sources: Sequence[str]) -> int:
        self.base.execute("DROP TABLE IF EXISTS t")
        self.base.execute("CREATE TABLE t (source text)")
        with self.base.cursor() as cursor, cursor.copy("COPY t FROM STDIN") as copy:
            for text in sources:
                copy.write_row((text,))
        self.base.execute("CREATE INDEX t_source ON t USING gin (source gin_trgm_ops)")
        self.base.execute("ANALYZE t")
        (size,) = self.base.execute("SELECT pg_relation_size('t_source')").fetchone()
        return int(size)

    def similar(self, text: str) -> list[str]:
        # Weblate: 0.127·ln(24.28·threshold) of 75, less for long texts, down to .3 by .05.
        threshold = min(0.98, max(0.3, 0.127 * math.log(24.28 * 75) + len(text) / 1e4))
        end = self.clock() + PATIENCE
        while threshold >= 0.3 and (left := end - self.clock()) > 0:
            allowance = left * max(1.0, os.getloadavg()[0] / 2)
            self.base.execute(f"SET statement_timeout = '{allowance:.0f}s'")
            self.base.execute(f"SET pg_trgm.similarity_threshold = {threshold:.3f}")
            try:
                rows = self.base.execute(
                    "SELECT source FROM t WHERE source %% %s LIMIT 50", (text,)
                )
            except self.late:
                return []
            if found := [source for (source,) in rows]:
                return nearest(text, found)
            threshold -= 0.05
        return []

    def clock(self) -> float:
        """The server's part is in another process."""
        path = Path(f"/proc/{self.process}/stat")
        if not path.exists():
            return time.process_time()
        fields = path.read_text().rpartition(")")[2].split()
        ticks = int(fields[11]) + int(fields[12])
        return time.process_time() + ticks / os.sysconf("SC_CLK_TCK")


class Tmdb:
    """translate-toolkit's tmdb (to 3.15): FTS3 by any of the words, each row compared in Python.

    Its file alone is enough, on the path as ``tmdb``; it runs on the installed toolkit.
    """

    name = "translate-toolkit's tmdb"
    most = 3
    clock = staticmethod(time.process_time)

    def __init__(self, folder: Path) -> None:
        import tmdb

        self.file = folder / "tmdb.sqlite"
        self.base: Any = tmdb.TMDB(str(self.file), max_candidates=5, min_similarity=60)
        self.compare = self.base.comparer.similarity
        self.base.comparer.similarity = self.in_time
        self.end = 0.0

    def build(self, sources: Sequence[str]) -> int:
        units = ({"source": text, "target": "。", "context": ""} for text in sources)
        self.base.add_list(units, "ru", "zh")
        return self.file.stat().st_size

    def in_time(self, *arguments: Any) -> Any:
        if time.process_time() > self.end:
            raise TimeoutError
        return self.compare(*arguments)

    def similar(self, text: str) -> list[str]:
        self.end = time.process_time() + PATIENCE
        try:
            return [found["source"] for found in self.base.translate_unit(text, "ru", "zh")]
        except TimeoutError:
            return []


class Tantivy:
    """tantivy by every word in its Russian stem, 200 documents by bm25, compared by RapidFuzz."""

    name = "tantivy + RapidFuzz"
    most = 100
    clock = staticmethod(time.process_time)

    def __init__(self, folder: Path) -> None:
        import tantivy

        self.library: Any = tantivy
        self.folder = folder / "tantivy"
        self.folder.mkdir()
        schema = tantivy.SchemaBuilder()
        schema.add_text_field("source", stored=True, tokenizer_name="russian")
        self.index = tantivy.Index(schema.build(), str(self.folder))
        stemmed = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        stemmed = stemmed.filter(tantivy.Filter.lowercase()).filter(
            tantivy.Filter.stemmer("russian")
        )
        self.analyser = stemmed.build()
        self.index.register_tokenizer("russian", self.analyser)

    def build(self, sources: Sequence[str]) -> int:
        writer = self.index.writer(256_000_000, 1)
        for text in sources:
            writer.add_document(self.library.Document(source=[text]))
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()
        return sum(path.stat().st_size for path in self.folder.iterdir())

    def similar(self, text: str) -> list[str]:
        asked = " ".join(WORD.findall(text.lower()))
        found = self.searcher.search(self.index.parse_query(asked, ["source"]), 200)
        documents = (self.searcher.doc(address) for _, address in found.hits)
        return nearest(text, (document["source"][0] for document in documents))


class ThreeScores:
    """OmegaT's matcher: three token distances (stems, words, all tokens) to every unit, in C.

    A token is one character of a made-up alphabet, so that RapidFuzz compares all at once; stems
    are words cut to five letters, where OmegaT has a Snowball stemmer.
    """

    name = "three scores, every unit (OmegaT's way)"
    most = 20
    clock = staticmethod(time.process_time)

    def __init__(self) -> None:
        self.letters: dict[str, str] = {}
        self.views: list[list[str]] = [[], [], []]
        self.sources: Sequence[str] = ()

    def spelt(self, text: str) -> tuple[str, str, str]:
        """Return the text as its stems, its words and all its tokens."""
        words, tokens = WORD.findall(text.lower()), TOKEN.findall(text)
        letter = self.letters
        return tuple(  # type: ignore[return-value]
            "".join(letter.setdefault(token, chr(0xF0000 - len(letter))) for token in some)
            for some in ([word[:5] for word in words], words, tokens)
        )

    def build(self, sources: Sequence[str]) -> int:
        self.sources = sources
        for text in sources:
            for view, spelling in zip(self.views, self.spelt(text), strict=True):
                view.append(spelling)
        return 0

    def similar(self, text: str) -> list[str]:
        scores = [
            process.cdist(
                [spelling], view, scorer=Levenshtein.normalized_similarity, dtype=np.float32
            )
            for spelling, view in zip(self.spelt(text), self.views, strict=True)
        ]
        order = np.lexsort([score[0] for score in reversed(scores)])[::-1][:5]
        return [self.sources[n] for n in order]


def rivals(folder: Path, server: str) -> list[Callable[[], Rival]]:
    """Return those that can be built here; *server* is PostgreSQL's address, empty without one."""
    found: list[Callable[[], Rival]] = [EveryUnit, lambda: FullText(folder)]
    if server:
        found.append(lambda: Trigrams(server))
    for module, make in (("tantivy", Tantivy), ("tmdb", Tmdb)):
        if find_spec(module):
            found.append(partial(make, folder))
    return [*found, ThreeScores]


def pages(folder: Path) -> int:
    """Return the bytes of a folder."""
    with closing(os.scandir(folder)) as entries:
        return sum(entry.stat().st_size for entry in entries if entry.is_file())
