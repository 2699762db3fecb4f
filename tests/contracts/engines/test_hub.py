"""Models are fetched from the hub once; whatever goes wrong is said in one sentence."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from local_hub import COMMIT, NAME, LocalHub
from tiny_models import CHINESE, RUSSIAN, Tiny

# The hub's library reads its settings when it is imported, hence a process of its own.
PROGRAM = """
import json, sys
from pathlib import Path
from workbench import engines
from workbench.domain.language import RU_ZH
from workbench.domain.ports import Request
from workbench.errors import WorkbenchError
state, text, *names = sys.argv[1:]
said = {}
for name in names:
    engine = engines.build("hub:" + name, data=Path(state), state=Path(state), threads=1)
    try:
        ((_, candidates),) = engine.translate(RU_ZH, [Request(text)])
        said[name] = [candidates[0].text, engine.info.version, engine.info.licence]
    except WorkbenchError as error:
        said[name] = error.key
        print(name, error, error.__cause__, file=sys.stderr)
print(json.dumps({"said": said, "torch": "torch" in sys.modules}))
"""


def ask(folder: Path, names: list[str], **variables: str) -> dict[str, Any]:
    """Translate with models of the hub in another process."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder / "state"), RUSSIAN[5], *names],
        capture_output=True,
        text=True,
        check=True,
        env={
            **os.environ,
            "HF_HOME": str(folder / "cache"),
            "HF_HUB_OFFLINE": "0",  # whatever the person has set who runs this
            "HF_HUB_ETAG_TIMEOUT": "60",  # a busy machine is no hub that is away
            "HF_HUB_DOWNLOAD_TIMEOUT": "60",
            **variables,
        },
    )
    result: dict[str, Any] = {**json.loads(done.stdout), "errors": done.stderr}
    return result


def test_a_model_is_fetched_once_and_then_needs_no_hub(tiny: Tiny, tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file

    # As older repositories are: weights in a .bin file, and files that nobody here needs.
    folder = Path(shutil.copytree(tiny("marian"), tmp_path / "original"))
    torch.save(load_file(folder / "model.safetensors"), folder / "pytorch_model.bin")
    (folder / "model.safetensors").unlink()
    (folder / "tf_model.h5").write_bytes(b"weights of another library")
    (folder / "README.md").write_text("---\nlicense: cc-by-4.0\n---\n", encoding="utf-8")
    with LocalHub(folder) as hub:
        first = ask(
            tmp_path, [NAME, "some/gated", "some/unknown", "not a name"], HF_ENDPOINT=hub.url
        )
    assert len(first["said"][NAME]) == 3, first["errors"]
    text, version, licence = first["said"][NAME]
    assert text == CHINESE[5]
    assert version.startswith(COMMIT[:8])
    assert licence == "cc-by-4.0"
    assert not list(tmp_path.rglob("cache/**/tf_model.h5"))
    assert first["said"]["some/gated"] == "engines.gated"
    assert first["said"]["some/unknown"] == "engines.not_on_hub"
    assert first["said"]["not a name"] == "engines.not_on_hub"

    again = ask(tmp_path, [NAME], HF_HUB_OFFLINE="1")
    assert again["said"] == {NAME: first["said"][NAME]}
    assert not again["torch"]


def test_a_hub_out_of_reach_is_named(tmp_path: Path) -> None:
    offline = ask(tmp_path, [NAME], HF_HUB_OFFLINE="1")
    closed = ask(tmp_path, [NAME], HF_ENDPOINT="http://127.0.0.1:9")
    assert offline["said"] == closed["said"] == {NAME: "engines.no_hub"}
    assert not any((tmp_path / "state" / "models").glob("*/"))
