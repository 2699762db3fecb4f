"""Errors as problem+json (RFC 9457) in the user's language: key, problem, remedy."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from workbench.errors import (
    InputError,
    NotFound,
    Unauthorized,
    WorkbenchError,
)
from workbench.web.identity import language_in

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"


def problem_response(error: WorkbenchError, language: str, **more: object) -> JSONResponse:
    """Return *error* as an answer; *more* goes into the body beside it."""
    problem, remedy = error.say(language)
    body = {
        "title": problem,
        "status": error.http_status,
        "key": error.key,
        "problem": problem,
        "remedy": remedy,
        **more,
    }
    status = 429 if error.key == "accounts.too_many" else error.http_status
    return JSONResponse(body, status, media_type=MEDIA_TYPE)


async def _workbench_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, WorkbenchError)
    if error.http_status >= 500:
        log.warning("%s %s: %s", request.method, request.url.path, error)
    return problem_response(error, language_in(request))


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first: dict[str, Any] = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    wrong = InputError("web.bad_request", reason=f"{where}: {first['msg']}")
    return problem_response(wrong, language_in(request))


async def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    known: WorkbenchError
    if error.status_code == 404:
        known = NotFound("web.no_address", path=request.url.path)
    elif error.status_code == 401:
        known = Unauthorized("accounts.signed_out")
    else:
        known = InputError("web.bad_request", reason=error.detail)
    answer = problem_response(known, language_in(request))
    answer.status_code = error.status_code
    return answer


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return problem_response(WorkbenchError("web.internal"), language_in(request))


def install(app: FastAPI) -> None:
    """Answer every error of the API in one form."""
    app.add_exception_handler(WorkbenchError, _workbench_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected)
