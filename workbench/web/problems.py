"""Errors as problem+json (RFC 9457) in the user's language: key, problem, remedy."""

from __future__ import annotations

import logging
import re
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
from workbench.messages import say
from workbench.web.identity import language_in

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"

# From pydantic's kinds of error to ours, the first that fits.
_WRONG = tuple(
    (re.compile(shape), name)
    for shape, name in (
        ("^missing", "missing"),
        ("too_long$", "long"),
        ("too_short$", "short"),
        ("^(?:greater|less)_than", "range"),
        ("^(?:literal_error|enum)$", "choice"),
        ("^extra_forbidden$", "unknown"),
        ("_type$|_parsing$|_parsing_size$|^int_from_float$|^json_invalid$", "kind"),
    )
)
_SIGNS = {"gt": ">", "ge": "≥", "lt": "<", "le": "≤"}
_LIMITS = ("max_length", "min_length", "expected", *_SIGNS)


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
    language = language_in(request)
    reason = _reason(error.errors()[0], language)
    return problem_response(InputError("web.bad_request", reason=reason), language)


def _reason(found: dict[str, Any], language: str) -> str:
    """Say what is wrong with a field, in the user's language; pydantic's own words are English."""
    field = ".".join(str(part) for part in found["loc"][1:]) or str(found["loc"][0])
    kind = next((name for shape, name in _WRONG if shape.search(found["type"])), "wrong")
    values = found.get("ctx", {})
    limit = str(next((values[name] for name in _LIMITS if name in values), ""))
    limit = limit.replace(" or ", ", ").replace("'", "")
    if kind == "range":
        sign = next(sign for name, sign in _SIGNS.items() if name in values)
        limit = f"{sign} {limit}"
    return say(f"web.field_{kind}", language, field=field, limit=limit)[0]


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
