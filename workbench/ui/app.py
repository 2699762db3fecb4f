"""The page: tabs of Gradio around the workspace, mounted at ``/``."""

from __future__ import annotations

import os
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from workbench.assembly import Workbench
from workbench.services.accounts import Identity

# Gradio reads these when it is imported.
os.environ.update(
    GRADIO_ANALYTICS_ENABLED="False",
    GRADIO_RUN_HISTORY="False",
    HF_HUB_DISABLE_TELEMETRY="1",
)

import gradio as gr

from workbench.ui import evaluation, glossary, judge, login, memory, settings
from workbench.ui.early import Early
from workbench.ui.strings import LANGUAGES, Strings, texts
from workbench.web.guard import MEMORY_MEGABYTES

STATIC = Path(__file__).parent / "static"
UPLOAD_LIMIT = f"{MEMORY_MEGABYTES}mb"  # the guard and `take` allow less where less will do

# Static: what an article says never passes through Gradio's templates, which would run it.
WORKSPACE = '<div class="wb" data-testid="workspace"></div>'
HEADER = '<header class="wb-top"></header>'
HEAD = """<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/wb/tokens.css"><link rel="stylesheet" href="/wb/page.css">
<link rel="stylesheet" href="/wb/workspace.css"><link rel="stylesheet" href="/wb/grid.css">
<link rel="stylesheet" href="/wb/panel.css"><link rel="stylesheet" href="/wb/names.css">
<link rel="stylesheet" href="/wb/memory.css">
<link rel="stylesheet" href="/wb/evaluation.css">
<link rel="stylesheet" href="/wb/glossary.css"><link rel="stylesheet" href="/wb/judge.css">"""
FONTS = [
    "system-ui",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "PingFang SC",
    "Microsoft YaHei",
    "sans-serif",
]


def mount(app: FastAPI, workbench: Workbench) -> None:
    """Add the login page, the static files, the words and the Gradio page to *app*."""
    cache = workbench.settings.state / "uploads"
    os.environ["GRADIO_TEMP_DIR"] = str(cache)
    app.include_router(login.router)
    app.include_router(judge.router)
    app.add_api_route(
        "/wb/strings/{language}.json", words, methods=["GET"], include_in_schema=False
    )
    app.mount("/wb", Fresh(directory=STATIC))
    app.add_middleware(Early)
    strings = Strings()
    page = build(workbench, strings)
    # Short work only: long work goes through the job table, so one queue serves everybody.
    page.queue(default_concurrency_limit=8, max_size=256)
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        auth_dependency=_user,
        ssr_mode=False,
        run_history=False,
        footer_links=[],
        show_error=False,
        max_file_size=UPLOAD_LIMIT,
        i18n=strings.i18n,
        theme=_theme(),
        head=HEAD,
    )


def build(workbench: Workbench, strings: Strings) -> gr.Blocks:
    """Return the page with all its tabs."""
    with gr.Blocks(
        title=strings("app.title"),
        fill_width=True,
        analytics_enabled=False,
        delete_cache=(3600, 3600),
    ) as page:
        _module(HEADER, "header.js", "header", elem_id="top")
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab(strings("app.work"), elem_id="tab-work"):
                _module(WORKSPACE, "workspace.js", ".wb")
            with gr.Tab(strings("app.glossary"), elem_id="tab-glossary") as tab:
                glossary.build(workbench, strings, tab)
            with gr.Tab(strings("app.memory"), elem_id="tab-memory") as tab:
                memory.build(workbench, strings, tab)
            with gr.Tab(strings("app.evaluation"), elem_id="tab-evaluation") as tab:
                evaluation.build(workbench, strings, tab)
            with gr.Tab(strings("app.settings"), elem_id="tab-settings") as tab:
                settings.build(workbench, strings, tab)
    return page


def _theme() -> gr.themes.Base:
    """Return Gradio's plain theme in our colours; white on the primary button passes WCAG AA."""
    return gr.themes.Base(
        primary_hue="blue",
        neutral_hue="slate",
        text_size="sm",
        spacing_size="sm",
        radius_size="md",
        font=FONTS,
        font_mono=FONTS,
    ).set(
        button_primary_background_fill="#1d5bb8",
        button_primary_background_fill_hover="#174a96",
        button_primary_background_fill_dark="#86b6ff",
        button_primary_background_fill_hover_dark="#a6c9ff",
        button_primary_text_color="#ffffff",
        button_primary_text_color_dark="#0b1a30",
        button_secondary_background_fill="#ffffff",
        button_secondary_background_fill_dark="#191f28",
        button_secondary_border_color="#8a95a5",
        button_secondary_border_color_dark="#6d7a8c",
        button_border_width="1px",
        button_large_text_weight="500",
        body_background_fill="#ffffff",
        body_background_fill_dark="#12161d",
        block_label_text_color="#55606f",
        block_info_text_color="#55606f",
        input_background_fill="#ffffff",
        input_background_fill_dark="#12161d",
        input_border_width="1px",
        input_border_color="#8a95a5",
        input_border_color_dark="#6d7a8c",
    )


def _module(template: str, script: str, selector: str, elem_id: str | None = None) -> None:
    gr.HTML(
        html_template=template,
        js_on_load=(
            f"import('/wb/{script}').then((m) => m.mount(element.querySelector('{selector}')));"
        ),
        apply_default_css=False,
        elem_id=elem_id,
    )


def words(language: str) -> Response:
    """Return the texts of a language for the modules in the browser."""
    if language not in LANGUAGES:
        return Response(status_code=404)
    return JSONResponse(dict(texts(language)), headers={"cache-control": "no-cache"})


def _user(request: Request) -> str | None:
    """Tell Gradio who is asking; the guard found it out."""
    identity = request.scope.get("state", {}).get("identity")
    return identity.name if isinstance(identity, Identity) else None


class Fresh(StaticFiles):
    """Static files that a browser asks for again (a 304) after each update of the program."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        """Answer with a file that must be revalidated."""
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["cache-control"] = "no-cache"
        return response

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Serve only what a page needs."""
        if Path(path).suffix not in (".js", ".css", ".svg"):
            return Response(status_code=404)
        return await super().get_response(path, scope)
