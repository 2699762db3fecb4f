"""What text a written file really holds, read back from its bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence

from workbench.formats.composition import printable

SPACE = re.compile(r"\s+")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def text_of(data: bytes, suffix: str) -> str:
    """Return all text in a file that one of our writers made, in document order."""
    from lxml import etree, html

    if suffix == ".docx":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            document = etree.fromstring(archive.read("word/document.xml"))
        return "".join(element.text or "" for element in document.iter(f"{W}t"))
    if suffix == ".html":
        page = html.document_fromstring(data, parser=html.HTMLParser(encoding="utf-8"))
        return "".join(map(str, page.itertext()))
    if suffix in {".tmx", ".xliff"}:
        texts = etree.fromstring(data).iter("{*}seg", "{*}source", "{*}target")
        return "".join(element.text or "" for element in texts)
    return data.decode("utf-8")


def missing_from(data: bytes, suffix: str, texts: Sequence[str]) -> list[str]:
    """Return those of *texts* that do not stand in the file in their order.

    White space does not count; the same sentence twice must stand there twice.
    """
    held = SPACE.sub("", text_of(data, suffix))
    place = 0
    missing = []
    for text in texts:
        wanted = SPACE.sub("", printable(text))
        found = held.find(wanted, place)
        if found < 0:
            missing.append(text)
        else:
            place = found + len(wanted)
    return missing
