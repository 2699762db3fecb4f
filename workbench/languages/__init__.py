"""Language packs: what the workbench must know about Russian and Chinese."""

from __future__ import annotations

from workbench.registry import Registry

LANGUAGES = Registry(
    "workbench.languages",
    {
        "ru": "workbench.languages.russian:Russian",
        "zh": "workbench.languages.chinese:Chinese",
    },
)
