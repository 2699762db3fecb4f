"""The parts that endpoints ask for, as FastAPI dependencies."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from workbench.assembly import Workbench
from workbench.services.accounts import SignIn


def _workbench(request: Request) -> Workbench:
    found: Workbench = request.app.state.workbench
    return found


def _sign_in(request: Request) -> SignIn:
    found: SignIn = request.app.state.sign_in
    return found


Bench = Annotated[Workbench, Depends(_workbench)]
Door = Annotated[SignIn, Depends(_sign_in)]
