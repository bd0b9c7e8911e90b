"""Figures as JSON and back: what was sent is what is shown later, whatever tickets became since.

Field by field as `figures` declares them; the same figures always make the same text. A field that
an older version did not keep has its default, if it has one.
"""

from __future__ import annotations

from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from maildesk.desk.reports.figures import Figures


def write_figures(figures: Figures) -> dict[str, Any]:
    """As values JSON knows; instants in UTC."""
    written = _write(figures)
    assert isinstance(written, dict)
    return written


def read_figures(kept: dict[str, Any]) -> Figures:
    """What `write_figures` wrote. Raises KeyError where something without a default is missing."""
    read = _read(kept, Figures)
    assert isinstance(read, Figures)
    return read


def write_plain(value: Any) -> Any:
    """Any value of dataclasses, tuples, texts, numbers and instants, likewise."""
    return _write(value)


def read_plain(value: Any, kind: type) -> Any:
    """What `write_plain` made of a value of that kind."""
    return _read(value, kind)


def _write(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: _write(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, tuple):
        return [_write(item) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value


def _read(value: Any, kind: Any) -> Any:
    if get_origin(kind) in (Union, UnionType):
        if value is None:
            return None
        kind = next(item for item in get_args(kind) if item is not NoneType)
    if get_origin(kind) is Literal:
        return value
    if get_origin(kind) is tuple:
        inner = get_args(kind)[0]
        return tuple(_read(item, inner) for item in value)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        return kind(
            **{
                item.name: _read(value[item.name], hints[item.name])
                for item in fields(kind)
                if item.name in value or item.default is MISSING
            }
        )
    return datetime.fromisoformat(value) if kind is datetime else value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
