"""The model that comes with the workbench, as it lies in models/ru-zh."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench import engines
from workbench.domain.damage import broken
from workbench.domain.language import RU_ZH, Span
from workbench.domain.ports import Request, TermHint, Translator
from workbench.engines.manifest import load_manifest, verify

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "models" / "ru-zh"
LINES = (ROOT / "corpora" / "ru-zh" / "eval" / "newsdesk.ru").read_text("utf-8").splitlines()
HAN = re.compile(r"[\u4e00-\u9fff]")

Run = Callable[..., tuple[int, str, str]]

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def engine() -> Translator:
    return engines.build("shipped", data=ROOT, state=ROOT / "nowhere")


def test_its_files_are_those_of_the_manifest() -> None:
    assert verify(FOLDER, deep=True) == []
    listed = {file.path for file in load_manifest(FOLDER).files}
    assert {"model.bin", "config.json", "spm.model"} <= listed
    assert all(path.stat().st_size < 50_000_000 for path in FOLDER.iterdir())


def test_news_comes_out_in_chinese(engine: Translator) -> None:
    requests = [Request(line) for line in LINES[:40]]
    answers = dict(engine.translate(RU_ZH, requests))
    assert len(answers) == 40
    for index, (candidate,) in answers.items():
        assert HAN.search(candidate.text), LINES[index]
        assert not re.search(r"<t\d>", candidate.text)
        ends = [link.target.end for link in candidate.alignment]
        assert max(ends) == len(candidate.text)
        assert all(link.source.end <= len(LINES[index]) for link in candidate.alignment)


def test_no_draft_is_broken_and_latin_words_come_from_the_source(engine: Translator) -> None:
    for index, (candidate,) in engine.translate(RU_ZH, [Request(line) for line in LINES]):
        assert not broken(candidate.text, LINES[index])
        if not re.search("[A-Za-z]", LINES[index]):
            assert not re.search("[a-z]", candidate.text), candidate.text


def test_a_wanted_beginning_and_a_hint_are_taken(engine: Translator) -> None:
    text = "Президент Токаев выступил в Астане."
    hint = TermHint(Span(10, 16), "Токаев", "托卡耶夫")
    request = Request(text, (hint,), prefix="托卡耶夫总统，", count=4)
    ((_, candidates),) = engine.translate(RU_ZH, [request])
    assert candidates
    assert all(candidate.text.startswith("托卡耶夫总统，") for candidate in candidates)


def test_it_runs_without_torch_in_a_process_of_its_own() -> None:
    program = """
import json, sys
from collections.abc import Callable
from pathlib import Path
from workbench import engines
from workbench.domain.language import RU_ZH
from workbench.domain.ports import Request
engine = engines.build("shipped", data=Path(sys.argv[1]), state=Path(sys.argv[1]))
((_, candidates),) = engine.translate(RU_ZH, [Request(sys.argv[2])])
heavy = [name for name in ("torch", "transformers", "gradio") if name in sys.modules]
print(json.dumps({"text": candidates[0].text, "heavy": heavy}))
"""
    command = [sys.executable, "-c", program, str(ROOT), LINES[0]]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    result = json.loads(done.stdout)
    assert result["heavy"] == []
    assert HAN.search(result["text"])


def test_a_draft_that_is_kept_says_its_number(run: Run, tmp_path: Path) -> None:
    source, draft = tmp_path / "a.txt", tmp_path / "draft.txt"
    source.write_text("Президент прибыл в Астану.\n")
    status, out, err = run("translate", source, "--keep", "--to", "txt", "-o", draft)
    assert (status, out) == (0, "")
    number = next(line for line in err.splitlines() if line.startswith("article ")).split()[1]
    assert run("export", number, "--to", "txt", "-o", tmp_path / "again.txt")[0] == 0
    assert (tmp_path / "again.txt").read_text() == draft.read_text()
