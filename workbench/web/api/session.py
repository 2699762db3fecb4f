"""Signing in and out, and what the page must know about its user."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from workbench.services.accounts import LOCAL
from workbench.web.identity import SESSION_COOKIE, Language, Reader
from workbench.web.parts import Bench, Door

router = APIRouter(tags=["session"])


class Credentials(BaseModel):
    """A name and a password."""

    name: str = Field(max_length=80)
    password: str = Field(max_length=1000)


@router.get("/session")
def who(identity: Reader, language: Language, bench: Bench) -> dict[str, Any]:
    """Say who is signed in, what the role allows and which language the page speaks."""
    return {
        "name": identity.name,
        "role": identity.role,
        "local": identity is LOCAL,
        "permissions": identity.permissions,
        "language": language,
        "engine": bench.settings.engine,
        "effort": bench.lab.effort.measured,
        "judging": bench.lab.judgement.awaits(identity),
    }


@router.post("/session")
def sign_in(given: Credentials, request: Request, response: Response, door: Door) -> dict[str, str]:
    """Open a session: the cookie for a browser, the token for ``Authorization: Bearer``."""
    address = request.client.host if request.client else ""
    token = door.sign_in(given.name, given.password, address)
    set_session_cookie(response, token, request.app.state.secure_cookies)
    return {"token": token}


@router.delete("/session", status_code=204)
def sign_out(request: Request, response: Response, door: Door) -> None:
    """End the session of the cookie or of the bearer token."""
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
    door.sign_out(request.cookies.get(SESSION_COOKIE) or bearer)
    response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="strict")


@router.get("/engines")
def engines(_identity: Reader, bench: Bench) -> list[dict[str, Any]]:
    """List the engines that the settings name."""
    return [
        {"name": info.name, "version": info.version, "terms": info.terms}
        for info in bench.engines()
    ]


def set_session_cookie(response: Response, token: str, secure: bool) -> None:
    """Hand the browser its session."""
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=7 * 24 * 3600,
        httponly=True,
        samesite="strict",
        secure=secure,
    )
