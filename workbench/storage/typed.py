"""Dataclasses read back from JSON by their annotations; what JSON made lists are tuples again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import is_dataclass
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")


def read(kind: type[T], value: Mapping[str, Any]) -> T:
    """Build a dataclass from what ``asdict`` and JSON made of it.

    Fields that the record lacks take their defaults, and what *kind* does not know is left aside,
    so that records of other versions can be read.
    """
    return cast(T, _read(kind, value))


def _read(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, type) and is_dataclass(kind):
        known = _hints(kind)
        given = {name: _read(of, value[name]) for name, of in known.items() if name in value}
        return kind(**given)
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (dict, Mapping):
        return {name: _read(parts[1], item) for name, item in value.items()}
    if origin in (Union, UnionType):
        return _read(next(part for part in parts if part is not NoneType), value)
    return _tuple(parts, value) if origin is tuple else value


def _tuple(parts: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
    if len(parts) == 2 and parts[1] is Ellipsis:
        return tuple(_read(parts[0], item) for item in value)
    return tuple(_read(part, item) for part, item in zip(parts, value, strict=True))


@lru_cache(maxsize=64)
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
