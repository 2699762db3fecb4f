"""Who is asking, and in which language to answer. The guard has put both into the scope."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from fastapi import Depends, Request

from workbench.errors import Unauthorized
from workbench.messages import LANGUAGES
from workbench.services.accounts import Identity

LANGUAGE_COOKIE = "wb_lang"
SESSION_COOKIE = "wb_session"


def identity_in(scope: Mapping[str, Any]) -> Identity:
    """Return the identity that the guard found. Raises Unauthorized."""
    found = scope.get("state", {}).get("identity")
    if not isinstance(found, Identity):
        raise Unauthorized("accounts.signed_out")
    return found


def allow(permission: str) -> Callable[[Request], Identity]:
    """Return a dependency that lets only the roles with *permission* through."""

    def dependency(request: Request) -> Identity:
        identity = identity_in(request.scope)
        identity.require(permission)
        return identity

    return dependency


def language_in(request: Request) -> str:
    """Return zh, ru or en: the cookie, the browser's first known language, the default."""
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    if chosen in LANGUAGES:
        return chosen
    for part in request.headers.get("accept-language", "").split(","):
        language = part.split(";")[0].strip()[:2].lower()
        if language in LANGUAGES:
            return language
    default = getattr(request.app.state, "language", "zh") if "app" in request.scope else "zh"
    return str(default)


Language = Annotated[str, Depends(language_in)]
Reader = Annotated[Identity, Depends(allow("read"))]
Translator = Annotated[Identity, Depends(allow("translate"))]
Proposer = Annotated[Identity, Depends(allow("propose terms"))]
Keeper = Annotated[Identity, Depends(allow("keep terms"))]
MemoryKeeper = Annotated[Identity, Depends(allow("keep memory"))]
Exporter = Annotated[Identity, Depends(allow("export"))]
Evaluator = Annotated[Identity, Depends(allow("evaluate"))]
