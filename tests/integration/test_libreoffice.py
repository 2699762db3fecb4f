"""The bilingual document opens in LibreOffice and holds every segment."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from workbench.assembly import Workbench

SOFFICE = shutil.which("soffice")
SAMPLE = Path(__file__).parents[2] / "corpora" / "ru-zh" / "samples" / "bishkek-talks.md"


@pytest.mark.model
@pytest.mark.skipif(SOFFICE is None, reason="needs LibreOffice (Debian: libreoffice-writer)")
def test_every_segment_is_in_the_document_that_libreoffice_opens(
    workbench: Workbench, tmp_path: Path
) -> None:
    article = workbench.intake.read(SAMPLE.read_bytes(), SAMPLE.name)
    rows = list(workbench.drafting.draft(article, workbench.engine()))
    document = tmp_path / "bilingual.docx"
    document.write_bytes(workbench.export.write(article, rows, "bilingual-docx")[0])
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    subprocess.run(
        [str(SOFFICE), profile, "--headless", "--convert-to", "html", document.name],
        check=True,
        capture_output=True,
        cwd=tmp_path,
        timeout=180,
    )
    seen = plain((tmp_path / "bilingual.html").read_text(encoding="utf-8"))
    assert len(rows) == len(article.segments) > 20
    for row in rows:
        assert squeezed(row.segment.source) in seen
        assert squeezed(row.target) in seen


def plain(html: str) -> str:
    from html import unescape

    return squeezed(unescape(re.sub(r"<[^>]+>", "", html)))


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)
