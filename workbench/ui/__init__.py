"""The screens: Gradio pages and the editor's own modules, mounted on the web application."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

    from workbench.assembly import Workbench


def mount(app: FastAPI, workbench: Workbench) -> None:
    """Add the screens to *app*; imports Gradio, which takes seconds."""
    from workbench.ui.app import mount as mount_screens

    mount_screens(app, workbench)
