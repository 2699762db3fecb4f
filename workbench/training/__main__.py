"""``python -m workbench.training``."""

from __future__ import annotations

import sys

from workbench.training.cli import main

sys.exit(main())
