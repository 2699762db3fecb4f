"""The text of a published bulletin: .txt in any likely encoding, .docx, or the text of a .pdf."""

from __future__ import annotations

from pathlib import PurePath

from workbench.errors import InputError
from workbench.formats.bulletin_lines import BulletinText, joined
from workbench.formats.bulletin_pdf import read_pdf
from workbench.formats.docx_reader import DocxReader
from workbench.formats.encoding import BOMS, CONTROLS, MAGIC, decode

__all__ = ["BulletinText", "joined", "read_bulletin"]

_PDF = b"%PDF"
_COMMON = frozenset("的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主年")


def read_bulletin(data: bytes, name: str) -> BulletinText:
    """Return a bulletin's paragraphs with their places in the file's own text.

    That text is, for .docx, its paragraphs on a line each and, for .pdf, its pages one after the
    other. Raises InputError, TooLarge.
    """
    suffix = PurePath(name).suffix.lower()
    if not data.strip():
        raise InputError("formats.empty", name=name)
    if suffix == ".docx" or data.startswith(b"PK\x03\x04"):
        article = DocxReader().read(data, name)
        return joined("\n".join(block.text for block in article.blocks))
    if data.startswith(_PDF):
        return joined(read_pdf(data, name))
    return joined(_decoded(data, name))


def _decoded(data: bytes, name: str) -> str:
    """Decode as Unicode, as GB 18030 where that gives Chinese, or as a Russian encoding."""
    if not data.startswith((*MAGIC, *(mark for mark, _ in BOMS))):
        try:
            return data.decode("utf-8") if _is_text(data) else decode(data, name)
        except UnicodeDecodeError:
            try:
                text = data.decode("gb18030")
            except UnicodeDecodeError:
                text = ""
            # Any bytes give some characters in GB 18030; the common ones come in Chinese only.
            common = sum(character in _COMMON for character in text)
            characters = sum("\u4e00" <= character <= "\u9fff" for character in text)
            if common * 20 > characters and "\x00" not in text:
                return text
    return decode(data, name)


def _is_text(data: bytes) -> bool:
    """Tell whether there are next to no control characters, which binary files are full of."""
    return len(CONTROLS.findall(data.decode("latin-1"))) <= len(data) // 100
