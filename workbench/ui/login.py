"""The page to sign in on. Plain HTML: it is there before anybody is signed in."""

from __future__ import annotations

from html import escape
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from workbench.errors import Forbidden, Unauthorized
from workbench.ui.strings import language_of, say
from workbench.web.api.session import set_session_cookie
from workbench.web.parts import Door

router = APIRouter(include_in_schema=False)

PAGE = """<!doctype html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/wb/tokens.css"><link rel="stylesheet" href="/wb/login.css"></head>
<body class="wb"><main><h1>{app}</h1><p>{subtitle}</p>
<form method="post" action="/login">
<label>{name}<input class="wb-input" name="name" autocomplete="username" required autofocus></label>
<label>{password}<input class="wb-input" name="password" type="password"
 autocomplete="current-password" required></label>
<p class="wb-problem" role="alert">{problem}</p>
<button class="wb-button primary">{submit}</button></form></main></body></html>"""


@router.get("/login")
def login_page(request: Request) -> Response:
    """Show the form."""
    if request.scope["state"].get("identity") is not None:
        return RedirectResponse("/", 303)
    return HTMLResponse(_page(request))


@router.post("/login")
def login(
    request: Request,
    door: Door,
    name: Annotated[str, Form(max_length=80)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Sign in, or say why not."""
    address = request.client.host if request.client else ""
    try:
        token = door.sign_in(name, password, address)
    except (Unauthorized, Forbidden) as error:
        said = " ".join(error.say(language_of(request)))
        return HTMLResponse(_page(request, said), error.http_status)
    response = RedirectResponse("/", 303)
    set_session_cookie(response, token, request.app.state.secure_cookies)
    return response


def _page(request: Request, problem: str = "") -> str:
    language = language_of(request)
    words = {
        "title": say("login.title", language),
        "app": say("app.title", language),
        "subtitle": say("app.subtitle", language),
        "name": say("login.name", language),
        "password": say("login.password", language),
        "submit": say("login.submit", language),
        "language": language,
        "problem": problem,
    }
    return PAGE.format_map({key: escape(text) for key, text in words.items()})
