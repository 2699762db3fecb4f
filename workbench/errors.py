"""The one tree of errors that a user may see.

::

    WorkbenchError                exit 1  http 500
    ├── SettingsError             exit 2  http 500   wrong usage or settings
    ├── InputError                exit 3  http 422   unusable input
    │   └── TooLarge              exit 3  http 413
    ├── NotFound                  exit 4  http 404
    ├── DataError                 exit 5  http 503   missing or broken data
    ├── EngineError               exit 6  http 502   an engine failed
    │   └── Cancelled             exit 6  http 409   the user stopped the work
    ├── Regression                exit 8  http 409   figures are worse than was allowed
    ├── Conflict                  exit 7  http 409   somebody else changed it meanwhile
    ├── Forbidden                 exit 2  http 403   the role does not allow it
    └── Unauthorized              exit 2  http 401   nobody is signed in

An error is raised with the key of a message and its values, so that it can be said in each
language of the interface; ``str(error)`` is the English problem. Adapters translate foreign
exceptions at their border (``raise InputError(...) from error``).
"""

from __future__ import annotations

from typing import ClassVar

from workbench.messages import say


class WorkbenchError(Exception):
    """Something a user can understand and mend."""

    exit_status: ClassVar[int] = 1
    http_status: ClassVar[int] = 500

    def __init__(self, key: str, **values: object) -> None:
        """Take the key of a message in ``workbench/messages`` and the values it names."""
        self.key = key
        self.values = values
        super().__init__(say(key, "en", **values)[0])

    def say(self, language: str = "en") -> tuple[str, str]:
        """Return (what is wrong, what to do) in *language*; so is an error among the values."""
        values = {
            name: value.say(language)[0] if isinstance(value, WorkbenchError) else value
            for name, value in self.values.items()
        }
        return say(self.key, language, **values)


class SettingsError(WorkbenchError):
    """A setting or a command line that cannot be used."""

    exit_status = 2


class InputError(WorkbenchError):
    """A file or text that cannot be used."""

    exit_status = 3
    http_status = 422


class TooLarge(InputError):
    """Input over a limit."""

    http_status = 413


class NotFound(WorkbenchError):
    """Something asked for by name or number is not there."""

    exit_status = 4
    http_status = 404


class DataError(WorkbenchError):
    """Data of the installation that is missing or broken."""

    exit_status = 5
    http_status = 503


class EngineError(WorkbenchError):
    """A translation engine that failed."""

    exit_status = 6
    http_status = 502


class Cancelled(EngineError):
    """The user stopped the work."""

    http_status = 409


class Conflict(WorkbenchError):
    """Somebody else changed it meanwhile."""

    exit_status = 7
    http_status = 409


class Regression(WorkbenchError):
    """Figures that fell by more than was allowed."""

    exit_status = 8
    http_status = 409


class Forbidden(WorkbenchError):
    """The role does not allow it."""

    exit_status = 2
    http_status = 403


class Unauthorized(WorkbenchError):
    """Nobody is signed in."""

    exit_status = 2
    http_status = 401
