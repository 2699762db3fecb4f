"""File formats: readers and writers, one file each, listed in two tables."""

from __future__ import annotations

from pathlib import PurePath
from typing import cast

from workbench.domain.ports import Reader, Writer
from workbench.errors import InputError, NotFound
from workbench.registry import Registry

READERS = Registry(
    "workbench.readers",
    {
        "plain": "workbench.formats.plain:PlainReader",
        "html": "workbench.formats.html_reader:HtmlReader",
        "docx": "workbench.formats.docx_reader:DocxReader",
        "markdown": "workbench.formats.markdown:MarkdownReader",
    },
)

WRITERS = Registry(
    "workbench.writers",
    {
        "docx": "workbench.formats.docx_writer:DocxWriter",
        "bilingual-docx": "workbench.formats.bilingual_docx:BilingualDocxWriter",
        "html": "workbench.formats.html_writer:HtmlWriter",
        "txt": "workbench.formats.plain:PlainWriter",
        "tmx": "workbench.formats.article_tmx:TmxWriter",
        "xliff": "workbench.formats.xliff:XliffWriter",
        "xliff2": "workbench.formats.xliff:Xliff2Writer",
    },
)


def suffix_of(name: str) -> str:
    """Return the suffix of a file name in lower case, with its dot; empty where there is none."""
    return PurePath(name.replace("\\", "/")).suffix.lower()


def reader_for(name: str) -> Reader:
    """Return the reader for a file name by its suffix. Raises InputError."""
    suffix = suffix_of(name)
    suffixes: list[str] = []
    for entry in READERS:
        reader = cast(Reader, READERS.load(entry)())
        if suffix in reader.suffixes:
            return reader
        suffixes += sorted(reader.suffixes)
    raise InputError("formats.unknown_suffix", name=name, known=" ".join(suffixes))


def writer_for(name: str) -> Writer:
    """Return the writer called *name* in the table. Raises NotFound."""
    if name not in WRITERS:
        raise NotFound("formats.unknown_writer", name=name, known=", ".join(WRITERS))
    return cast(Writer, WRITERS.load(name)())
