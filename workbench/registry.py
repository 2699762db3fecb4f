"""Tables of things that can be replaced: name → ``module:Class``, imported when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from workbench.errors import NotFound


class Registry:
    """A table of built-in members, extendable through the entry points of one group."""

    def __init__(self, group: str, builtin: Mapping[str, str]) -> None:
        """Take the entry-point group (``workbench.engines``) and the built-in table."""
        self.group = group
        self.builtin = builtin

    @cached_property
    def members(self) -> Mapping[str, str]:
        """Name → ``module:Class``; built-ins cannot be replaced by a plugin."""
        plugins = {point.name: point.value for point in entry_points(group=self.group)}
        return {**plugins, **self.builtin}

    def __iter__(self) -> Iterator[str]:
        return iter(self.members)

    def __contains__(self, name: object) -> bool:
        return name in self.members

    def load(self, name: str) -> Any:
        """Return the class or object called *name*."""
        if name not in self.members:
            raise NotFound(
                "house.unknown_name", group=self.group, name=name, known=", ".join(self.members)
            )
        module, _, attribute = self.members[name].partition(":")
        return getattr(import_module(module), attribute)
