"""The doctor: tries each part and names those that are broken, with the cure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from workbench.errors import WorkbenchError

# What the product cannot do without; the doctor reports what is missing or of another version.
PACKAGES = ("gradio", "ctranslate2", "sentencepiece", "sacrebleu", "torch", "transformers")


@dataclass(frozen=True, slots=True)
class Finding:
    """One part and its state: ``problem`` and ``remedy`` are empty for a sound part."""

    part: str
    sound: bool
    note: str = ""
    problem: str = ""
    remedy: str = ""


def examine(parts: Mapping[str, Callable[[], str]], language: str = "en") -> Iterator[Finding]:
    """Yield a finding for each part; a part is a function that returns a note or raises."""
    for part, trial in parts.items():
        try:
            yield Finding(part, True, trial())
        except WorkbenchError as error:
            problem, remedy = error.say(language)
            yield Finding(part, False, "", problem, remedy)


def packages() -> str:
    """Return the versions of the main packages."""
    found = []
    for name in PACKAGES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} missing")
    return ", ".join(found)
