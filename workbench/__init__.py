"""A machine-assisted translation workbench: Russian articles in, Chinese bulletins out."""

from __future__ import annotations

__version__ = "0.1.0"
