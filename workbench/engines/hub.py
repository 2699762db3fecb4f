"""Models from the hub or a folder: found, converted once into the state folder, run.

A converted model is found again by its name without asking the hub, so it works offline.
"""

from __future__ import annotations

import fcntl
import hashlib
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbench.domain.language import RU_ZH
from workbench.domain.ports import EngineInfo
from workbench.engines import Setup
from workbench.engines.ctranslate import describe, folder_engine, open_folder, thread_count
from workbench.engines.engine import Opened, PieceEngine
from workbench.engines.families import Origin, recognise
from workbench.engines.manifest import FILE_NAME, Manifest, load_manifest
from workbench.errors import DataError, EngineError, SettingsError

# What is fetched besides the weights.
_WANTED = ["*.json", "*.model", "*.spm", "README.md"]
_PATIENCE = 15.0  # seconds


def build(name: str, argument: str, setup: Setup) -> PieceEngine:
    """Return the engine of a model on the hub, called OWNER/NAME."""
    return _engine(HubModel(argument, setup), name, setup)


def build_folder(name: str, argument: str, setup: Setup) -> PieceEngine:
    """Return the engine of a folder: a transformers model, or one of the workbench's own."""
    folder = Path(argument).expanduser()
    if (folder / FILE_NAME).is_file():
        return folder_engine(folder, name, setup.threads, setup.beam)
    return _engine(FolderModel(folder, setup), name, setup)


class FolderModel:
    """A transformers model in a folder; a changed folder is another revision."""

    def __init__(self, folder: Path, setup: Setup) -> None:
        """Take the folder; nothing is read yet."""
        self.name = folder.name
        self._folder = folder
        self._store = setup.state / "models"

    def converted(self) -> Path | None:
        """Return the folder of the converted model, if there is one."""
        if not self._folder.is_dir():
            return None
        folder = self._store / f"{safe(self.name)}-{self._revision()}"
        return folder if (folder / FILE_NAME).is_file() else None

    def fetch(self) -> Origin:
        """Return where the original is. Raises DataError."""
        if not self._folder.is_dir():
            raise DataError("engines.no_model", name=self.name, path=self._folder)
        if not (self._folder / "config.json").is_file():
            raise DataError("engines.no_manifest", path=self._folder)
        return Origin("folder", self.name, self._revision(), self._folder)

    def _revision(self) -> str:
        """Digest the files' names, sizes and times: hashing gigabytes would take too long."""
        marks = [str(self._folder.resolve())]
        for path in sorted(self._folder.iterdir()):
            status = path.stat()
            marks.append(f"{path.name} {status.st_size} {status.st_mtime_ns}")
        return hashlib.sha256("\n".join(marks).encode()).hexdigest()[:8]


class HubModel:
    """A model on the hub, called OWNER/NAME."""

    def __init__(self, name: str, setup: Setup) -> None:
        """Take the name; the hub is not asked yet."""
        self.name = name
        self._store = setup.state / "models"

    def converted(self) -> Path | None:
        """Return the newest converted folder of the model, without asking the hub."""
        manifests = self._store.glob(f"{safe(self.name)}-*/{FILE_NAME}")
        newest = sorted(manifests, key=lambda path: path.stat().st_mtime, reverse=True)
        for folder in (path.parent for path in newest):
            manifest = load_manifest(folder)
            if (manifest.engine, manifest.name) == ("hub", self.name):
                return folder
        return None

    def fetch(self) -> Origin:
        """Download the model, or find it in the hub's own cache. Raises EngineError."""
        folder = download(self.name)
        return Origin("hub", self.name, folder.name[:8], folder)


def download(name: str) -> Path:
    """Return the folder of the newest snapshot; the hub's cache serves when it is away."""
    from huggingface_hub import HfApi, constants, snapshot_download
    from huggingface_hub import errors as hub

    # Of the library under the hub, which changes: connection errors.
    unreachable = (OSError, hub.HTTPError)  # type: ignore[attr-defined]
    try:
        # On a slow line the user sets the library's own variable.
        patience = max(_PATIENCE, constants.HF_HUB_ETAG_TIMEOUT)
        files = HfApi().model_info(name, timeout=patience).siblings or []
        safe_weights = any(file.rfilename.endswith(".safetensors") for file in files)
        weights = "*.safetensors" if safe_weights else "pytorch_model*.bin"
        return Path(snapshot_download(name, allow_patterns=[*_WANTED, weights]))
    except hub.GatedRepoError as error:
        raise EngineError("engines.gated", name=name) from error
    except (hub.RepositoryNotFoundError, hub.HFValidationError) as error:
        raise EngineError("engines.not_on_hub", name=name) from error
    except unreachable as away:
        try:
            return Path(snapshot_download(name, local_files_only=True))
        except unreachable:
            reason = str(away).splitlines()[0] if str(away) else type(away).__name__
            raise EngineError("engines.no_hub", name=name, reason=reason) from away


def safe(name: str) -> str:
    """Return a name for a folder."""
    return re.sub(r"[^\w.-]+", "--", name).strip(".-") or "model"


def _engine(source: FolderModel | HubModel, name: str, setup: Setup) -> PieceEngine:
    chosen = setup.models.get(name)
    original = chosen is not None and chosen.backend == "transformers"

    def tell(opened: Manifest | None) -> EngineInfo:
        manifest = opened
        if manifest is None and not original:
            folder = source.converted()
            manifest = load_manifest(folder) if folder else None
        if manifest is not None:
            return describe(manifest, name)
        # What can be said before the model is here.
        return EngineInfo(name, pairs=(RU_ZH,), alignment=True, nbest=True, prefix=True)

    def opener() -> Opened:
        if original:
            return _open_original(source, setup)
        return open_folder(_converted(source, setup), name, setup.threads, setup.beam)

    return PieceEngine(tell, opener)


def _converted(source: FolderModel | HubModel, setup: Setup) -> Path:
    """Return the converted model, making it if need be; one process at a time."""
    found = source.converted()
    if found:
        return found
    store = setup.state / "models"
    with _locked(store, safe(source.name)):
        found = source.converted()
        if found:
            return found
        origin = source.fetch()
        family = recognise(origin.folder, origin.name)
        from workbench.engines.conversion import convert

        # What a killed process left here is of no use; the lock says nobody is at work on it.
        unfinished = store / f".new-{safe(source.name)}"
        shutil.rmtree(unfinished, ignore_errors=True)
        try:
            convert(origin, family, RU_ZH, unfinished)
            final = store / f"{safe(source.name)}-{origin.revision}"
            return unfinished.replace(final)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)


@contextmanager
def _locked(store: Path, name: str) -> Iterator[None]:
    """Hold the model's lock; it falls with the process, so it never outlives a crash."""
    try:
        store.mkdir(parents=True, exist_ok=True)
        file = (store / f".{name}.lock").open("w")
    except OSError as error:
        raise SettingsError("house.unwritable_state", path=store, reason=error.strerror) from error
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _open_original(source: FolderModel | HubModel, setup: Setup) -> Opened:
    """Load the original with transformers. Raises EngineError."""
    threads = thread_count(setup.threads)
    origin = source.fetch()
    family = recognise(origin.folder, origin.name)
    from workbench.engines.conversion import open_original

    return open_original(origin, family, RU_ZH, threads, setup.beam)
