"""The look of the Word documents we write: Chinese fonts, headings, and reproducible bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from workbench.domain.article import Metadata
from workbench.formats.composition import printable

BODY_FONT = "宋体"
HEADING_FONT = "黑体"
LATIN_FONT = "Times New Roman"
BODY_SIZE = 12  # 小四
NOTE_SIZE = 10.5  # 五号
HEADING_SIZES = {1: 16, 2: 14, 3: 13, 4: 12, 5: 12, 6: 12}
CELL_STYLE = "Bilingual Cell"
LIST_STYLES = ("List Bullet", "List Bullet 2", "List Bullet 3")
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def new_document(title: str, known: Metadata) -> Any:
    """Return an empty document in house style, its properties set from what is known."""
    import docx
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt, RGBColor

    document = docx.Document()
    _page(document)
    styles = document.styles
    _fonts(styles["Normal"], BODY_FONT, BODY_SIZE)
    set_language(styles["Normal"].element.get_or_add_rPr(), "en-US")
    styles["Normal"].paragraph_format.line_spacing = 1.5
    styles["Normal"].paragraph_format.space_after = Pt(0)
    for name, size in [("Title", 22), *((f"Heading {n}", s) for n, s in HEADING_SIZES.items())]:
        style = styles[name]
        _fonts(style, HEADING_FONT, size)
        style.font.bold = False
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.paragraph_format.space_before = Pt(12)
        style.paragraph_format.space_after = Pt(6)
    styles["Title"].paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    borders = styles["Title"].element.pPr.find(_w("pBdr"))
    if borders is not None:
        styles["Title"].element.pPr.remove(borders)
    for name in (*LIST_STYLES, "Quote"):
        _fonts(styles[name], BODY_FONT, BODY_SIZE)
    cell = styles.add_style(CELL_STYLE, WD_STYLE_TYPE.PARAGRAPH)
    cell.base_style = styles["Normal"]
    cell.font.size = Pt(NOTE_SIZE)
    cell.paragraph_format.line_spacing = 1.0
    core = document.core_properties
    core.title, core.author = title[:255], printable(known.author)[:255]
    core.comments, core.language = "", "zh-CN"
    core.created = core.modified = _moment(known.date)
    return document


def _moment(date: str) -> datetime:
    """Return the article's date as the document's: the same article gives the same bytes."""
    try:
        return datetime.fromisoformat(date).replace(tzinfo=UTC)
    except ValueError:
        return EPOCH


def _page(document: Any) -> None:
    """Set A4 with the usual margins, and the page number at the foot."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.shared import Cm

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.top_margin = section.bottom_margin = Cm(2.54)
    section.left_margin = section.right_margin = Cm(3.18)
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    number = OxmlElement("w:fldSimple")
    number.set(_w("instr"), "PAGE")
    foot._p.append(number)


def set_language(properties: Any, language: str) -> None:
    """Say in run properties which language text outside Chinese is in; glyphs follow zh-CN."""
    from docx.oxml import OxmlElement

    element = OxmlElement("w:lang")
    element.set(_w("val"), language)
    element.set(_w("eastAsia"), "zh-CN")
    properties.append(element)


def add_note(document: Any, lines: Sequence[str]) -> None:
    """Add the lines that say where the article comes from, set apart from what is before."""
    from docx.shared import Pt

    for number, line in enumerate(lines):
        paragraph = document.add_paragraph(line)
        paragraph.paragraph_format.space_before = Pt(0 if number else 12)
        paragraph.runs[0].font.size = Pt(NOTE_SIZE)


def _w(tag: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(f"w:{tag}"))


def _fonts(style: Any, east_asian: str, size: int) -> None:
    """Set the fonts of a style; the theme fonts of the template would win over them."""
    from docx.shared import Pt

    style.font.name = LATIN_FONT
    style.font.size = Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(_w(theme), None)
    fonts.set(_w("eastAsia"), east_asian)
    fonts.set(_w("cs"), LATIN_FONT)


def indent_first_line(paragraph: Any, size: int = BODY_SIZE) -> None:
    """Indent the first line by two characters, whatever the size of the font becomes."""
    indent = paragraph._p.get_or_add_pPr().get_or_add_ind()
    indent.set(_w("firstLineChars"), "200")
    indent.set(_w("firstLine"), str(2 * size * 20))


def mark_untranslated(run: Any) -> None:
    """Highlight the source text that stands where a target is missing."""
    from docx.enum.text import WD_COLOR_INDEX

    run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def style_ids(document: Any) -> dict[str, str]:
    """Return style ids by name; python-docx would search all styles for each paragraph."""
    return {style.name: style.style_id for style in document.styles}


def package(document: Any) -> bytes:
    """Return the file; the same document gives the same bytes on any day."""
    saved, packed = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as before, zipfile.ZipFile(packed, "w") as after:
        for entry in before.infolist():
            fixed = zipfile.ZipInfo(entry.filename, date_time=(2000, 1, 1, 0, 0, 0))
            fixed.compress_type = zipfile.ZIP_DEFLATED
            fixed.external_attr = 0o600 << 16
            after.writestr(fixed, before.read(entry))
    return packed.getvalue()
