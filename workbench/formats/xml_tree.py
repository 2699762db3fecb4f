"""Small trees of XML for streamed files: one record at a time, bounded, without entities.

A file from outside may be an attack: declarations of entities are refused (no billion laughs,
no reading of local files), nesting and the length of a record are bounded, and a DOCTYPE by
itself is allowed, since honest programs write one.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO
from xml.parsers import expat
from xml.sax import saxutils
from xml.sax.saxutils import quoteattr

from workbench.errors import InputError
from workbench.formats.composition import printable

DEEPEST = 64
LONGEST_RECORD = 2_000_000  # characters of one record; what is over is dropped, and said
LONGEST_TOKEN = 8_000_000  # bytes of one tag, comment or declaration
PIECE = 65_536
# Encodings that expat decodes itself; of others only those of one byte a character.
OWN_ENCODINGS = frozenset({"utf-8", "utf-16", "utf-16be", "utf-16le", "iso-8859-1", "us-ascii"})
DECLARED = re.compile(rb"""<\?xml[^>]{0,80}?\sencoding\s*=\s*["']([\w.:-]{1,40})["']""")
NAME = re.compile(r"[A-Za-z_][\w.-]*(?::[A-Za-z_][\w.-]*)?", re.ASCII)


def escape(text: str) -> str:
    """Return text as XML; a carriage return is kept from the parser's line-end rule."""
    return saxutils.escape(text, {"\r": "&#13;"})


@dataclass(slots=True)
class Node:
    """An element with its attributes and its parts: text and elements in their order."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    parts: list[str | Node] = field(default_factory=list)
    line: int = 0
    cut: bool = False

    def all(self, tag: str) -> list[Node]:
        """Return the child elements called *tag*."""
        return [part for part in self.parts if isinstance(part, Node) and part.tag == tag]

    @property
    def elements(self) -> list[Node]:
        """The child elements."""
        return [part for part in self.parts if isinstance(part, Node)]

    @property
    def text(self) -> str:
        """The text directly inside."""
        if len(self.parts) == 1 and isinstance(self.parts[0], str):
            return self.parts[0]
        return "".join(part for part in self.parts if isinstance(part, str))

    @property
    def inner(self) -> str:
        """What stands between the tags, as XML."""
        return "".join(escape(part) if isinstance(part, str) else part.outer for part in self.parts)

    @property
    def outer(self) -> str:
        """The element as XML."""
        given = "".join(f" {name}={quoteattr(value)}" for name, value in self.attributes.items())
        inner = self.inner
        return f"<{self.tag}{given}>{inner}</{self.tag}>" if inner else f"<{self.tag}{given}/>"


class _Builder:
    """Turns the parser's events into records; everything outside of them is passed over."""

    def __init__(
        self, parser: Any, name: str, wanted: Collection[str], openings: Collection[str] = ()
    ) -> None:
        self.parser = parser
        self.name = name
        self.wanted = frozenset(wanted)
        self.openings = frozenset(openings)
        self.depth = 0
        self.size = 0
        self.root = ""
        self.open: list[Node] = []
        self.done: list[Node] = []
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        parser.EntityDeclHandler = self.entity
        parser.buffer_text = True
        # An external DTD is not read, and an entity left undefined by that is not dropped silently.
        parser.SkippedEntityHandler = self.entity

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.openings:
            tag = tag.rpartition(":")[2]
        self.root = self.root or tag
        if self.depth > DEEPEST:
            raise InputError("xml.too_deep", name=self.name, line=self.line, limit=DEEPEST)
        if not self.open and tag in self.openings:
            self.done.append(Node(tag, attributes, line=self.line))
        if not self.open and tag not in self.wanted:
            return
        if not self.open:
            self.size = 0
        node = Node(tag, attributes, line=self.line)
        self._grow(len(tag) + sum(len(n) + len(v) for n, v in attributes.items()))
        if self.open and not self.open[0].cut:
            self.open[-1].parts.append(node)
        self.open.append(node)

    def end(self, _tag: str) -> None:
        self.depth -= 1
        if self.open:
            node = self.open.pop()
            if not self.open:
                self.done.append(node)

    def characters(self, text: str) -> None:
        if self.open:
            self._grow(len(text))
            if not self.open[0].cut:
                self.open[-1].parts.append(text)

    def entity(self, *_: object) -> None:
        raise InputError("xml.entities", name=self.name, line=self.line)

    @property
    def line(self) -> int:
        return int(self.parser.CurrentLineNumber)

    def _grow(self, length: int) -> None:
        self.size += length
        if self.size > LONGEST_RECORD and self.open:
            self.open[0].cut = True


def records(
    stream: BinaryIO,
    name: str,
    root: str,
    record: str,
    header: str,
    openings: Collection[str] = (),
) -> Iterator[Node]:
    """Yield the *record* and *header* elements of an XML file as they are read.

    A record over the limit is yielded with ``cut`` set. Elements called as in *openings* that hold
    records are yielded when they begin, with their attributes only; where some are wanted, names
    lose their namespace prefix. Raises InputError for anything that is not a whole XML file with
    the root element *root*, and for an attack.
    """
    piece = stream.read(PIECE)
    try:
        encoding, decoder = _encoding(piece)
    except LookupError as error:
        raise InputError("xml.malformed", name=name, line=1, reason=error) from error
    parser = expat.ParserCreate(encoding)
    builder = _Builder(parser, name, (record, header), openings)
    fed = 0
    try:
        while piece:
            read = decoder.decode(piece).encode() if decoder else piece
            parser.Parse(read, False)
            fed += len(read)
            if builder.root and builder.root != root:
                raise InputError("xml.other_root", name=name, root=root, found=builder.root)
            if fed - parser.CurrentByteIndex > LONGEST_TOKEN:
                raise InputError("xml.too_long", name=name, line=builder.line)
            yield from builder.done
            builder.done.clear()
            piece = stream.read(PIECE)
        parser.Parse(decoder.decode(b"", True).encode() if decoder else b"", True)
    except expat.ExpatError as error:
        raise InputError(
            "xml.malformed", name=name, line=error.lineno, reason=expat.ErrorString(error.code)
        ) from error
    except (LookupError, ValueError) as error:  # bytes that are not in the encoding they claim
        raise InputError("xml.malformed", name=name, line=builder.line, reason=error) from error
    yield from builder.done


def _encoding(beginning: bytes) -> tuple[str | None, codecs.IncrementalDecoder | None]:
    """Return what the parser is told of the encoding, and a decoder where it cannot do without.

    How the bytes stand goes before what the declaration says: files that claim UTF-16 in UTF-8, or
    UTF-8 in UTF-16, with and without the mark, are made by honest programs.
    """
    for start, encoding in (
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
        (b"<\0", "utf-16le"),
        (b"\0<", "utf-16be"),
        (codecs.BOM_UTF8, "utf-8"),
    ):
        if beginning.startswith(start):
            return encoding, None
    declared = DECLARED.search(beginning[:200])
    if declared is None:
        return None, None
    said = declared[1].decode().lower()
    if said.startswith(("utf-16", "utf16", "ucs-2", "unicode")):  # but it is of single bytes
        return "utf-8", None
    if said in OWN_ENCODINGS:
        return None, None
    known = codecs.lookup(said)
    if not known._is_text_encoding:
        raise LookupError(said)
    return "utf-8", known.incrementaldecoder()


def fragment(xml: str) -> Node | None:
    """Read a piece of XML that was kept; None when it is none."""
    parser = expat.ParserCreate()
    builder = _Builder(parser, "", ("fragment",))
    try:
        parser.Parse(f"<fragment>{xml}</fragment>", True)
    except (expat.ExpatError, InputError, UnicodeEncodeError):
        return None
    return builder.done[0] if len(builder.done) == 1 and not builder.done[0].cut else None


def element(tag: str, text: str, **attributes: str) -> str:
    """Return an element that holds text, on one line; ``xml_lang`` stands for ``xml:lang``."""
    given = "".join(
        f" {name.replace('_', ':')}={quoteattr(printable(value))}"
        for name, value in attributes.items()
    )
    return f"<{tag}{given}>{escape(printable(text))}</{tag}>"
