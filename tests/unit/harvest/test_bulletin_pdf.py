"""PDF bulletins: pages in order, marks drawn apart put where they stand, what is refused."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from workbench.errors import InputError
from workbench.formats.bulletin_pdf import read_pdf
from workbench.formats.bulletin_text import read_bulletin
from workbench.languages.transcription import transcribe
from workbench.services.harvest.pairs import Finder

Piece = tuple[float, float, str]  # from the left, from the bottom, text


def pdf_of(pages: Sequence[Sequence[Piece]]) -> bytes:
    """Return a PDF with these pieces, drawn in the order given; one unembedded font."""
    used = sorted({c for page in pages for _, _, text in page for c in text})
    mapped = "\n".join(f"<{ord(c):04X}> <{ord(c):04X}>" for c in used)
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def\n"
        "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        f"{len(used)} beginbfchar\n{mapped}\nendbfchar endcmap end end"
    )
    kids = " ".join(f"{6 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H"
        " /DescendantFonts [4 0 R] /ToUnicode 5 0 R >>",
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /DW 1000"
        " /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        stream(cmap),
    ]
    for n, page in enumerate(pages):
        drawn = "\n".join(
            f"BT /F 11 Tf 1 0 0 1 {x} {y} Tm <{text.encode('utf-16-be').hex()}> Tj ET"
            for x, y, text in page
        )
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {7 + 2 * n} 0 R"
            " /Resources << /Font << /F 3 0 R >> >> >>",
            stream(drawn),
        ]
    data, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n{content}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    count = len(objects) + 1
    end = f"trailer << /Size {count} /Root 1 0 R >>\nstartxref\n{len(data)}\n%%EOF\n"
    return data + f"xref\n0 {count}\n0000000000 65535 f \n{table}{end}".encode()


def stream(content: str) -> str:
    return f"<< /Length {len(content)} >>\nstream\n{content}\nendstream"


def test_pages_and_lines_in_order() -> None:
    pages = [
        [(90, 700, "本期第一行"), (90, 680, "第二行（Роман Денисов）")],
        [(90, 700, "第三行")],
    ]
    assert read_pdf(pdf_of(pages), "a.pdf") == "本期第一行\n第二行（Роман Денисов）\f第三行"


def test_marks_drawn_apart_are_put_into_their_gaps() -> None:
    page = [
        (134, 700, "“ ”"),
        (90, 700, "选自 草原经济 网站（"),
        (240, 700, "сайт «Экономика степи»"),
        (420, 700, "）"),
        (150, 680, "·"),
        (90, 680, "经济学家古莉娜拉"),
        (190, 680, "萨帕罗娃（Гульнара Сапарова）"),
    ]
    text = read_bulletin(pdf_of([page]), "a.pdf")
    assert text.text.replace("\n", "") == (
        "选自“草原经济”网站（сайт «Экономика степи»）经济学家古莉娜拉·萨帕罗娃（Гульнара Сапарова）"
    )
    assert [(pair.ru, pair.zh) for pair in Finder(transcribe).pairs(text)] == [
        ("Экономика степи", "“草原经济”网站"),
        ("Гульнара Сапарова", "古莉娜拉·萨帕罗娃"),
    ]


@pytest.mark.parametrize(
    ("data", "key"),
    [
        (b"%PDF-1.7\nnothing more", "harvest.broken_pdf"),
        (pdf_of([[]]), "harvest.scanned_pdf"),
        (pdf_of([[(90, 700, "甲")]])[:300], "harvest.broken_pdf"),
        (
            pdf_of([[(90, 700, "甲")]]).replace(b"<< /Length", b"<< /Filter /Odd /Length"),
            "harvest.broken_pdf",
        ),
    ],
)
def test_what_cannot_be_read(data: bytes, key: str) -> None:
    with pytest.raises(InputError) as caught:
        read_pdf(data, "a.pdf")
    assert caught.value.key == key
