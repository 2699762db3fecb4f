"""``/api/v1``: one module a subject. Each endpoint checks the role itself."""

from __future__ import annotations

from fastapi import APIRouter

from workbench.web.api import (
    article_return,
    articles,
    bulletins,
    drafts,
    efforts,
    evaluation_files,
    evaluations,
    glossary,
    glossary_desk,
    judgements,
    memory,
    memory_desk,
    memory_imports,
    names,
    segments,
    session,
    testsets,
)

router = APIRouter()
for module in (
    session,
    articles,
    article_return,
    bulletins,
    drafts,
    segments,
    glossary,
    glossary_desk,
    memory,
    memory_desk,
    memory_imports,
    names,
    efforts,
    judgements,
    evaluation_files,
    evaluations,
    testsets,
):
    router.include_router(module.router)
