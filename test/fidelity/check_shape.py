"""A request held against the shape that AWS publishes for it: with pattern, length, range and enum, which botocore leaves to the service."""

from __future__ import annotations

from typing import Any, Callable

import regex

Refuse = Callable[[str, str], None]

KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "character": (str,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "boolean": (bool,),
    "blob": (str, bytes),
    "timestamp": (str,),
    "structure": (dict,),
    "list": (list,),
    "map": (dict,),
}


def check_shape(shape: Any, value: Any, path: str, refuse: Refuse) -> int:
    """Refuses what the service would, by path. Answers how many members were looked at."""
    wanted = KINDS[shape.type_name]
    if not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted):
        refuse(path, f"is {type(value).__name__} where AWS wants {shape.type_name}")
        return 1
    if shape.type_name == "structure":
        return 1 + _structure(shape, value, path, refuse)
    if shape.type_name == "list":
        _within(shape, len(value), path, refuse, "entries")
        return 1 + sum(check_shape(shape.member, item, f"{path}[{index}]", refuse) for index, item in enumerate(value))
    if shape.type_name == "map":
        _within(shape, len(value), path, refuse, "entries")
        keys = sum(check_shape(shape.key, key, f"{path} key", refuse) for key in value)
        return 1 + keys + sum(check_shape(shape.value, item, f"{path}.{key}", refuse) for key, item in value.items())
    if shape.type_name in ("string", "blob"):
        _text(shape, value, path, refuse)
    elif shape.type_name != "boolean":
        _within(shape, value, path, refuse, "")
    return 1


def _structure(shape: Any, value: dict[str, Any], path: str, refuse: Refuse) -> int:
    for name in shape.required_members:
        if name not in value:
            refuse(f"{path}.{name}", "is missing, and AWS requires it")
    if getattr(shape, "is_tagged_union", False) and len(value) != 1:
        refuse(path, f"has {len(value)} members where AWS takes exactly one")
    seen = 0
    for name, item in value.items():
        if name in shape.members:
            seen += check_shape(shape.members[name], item, f"{path}.{name}", refuse)
        else:
            refuse(f"{path}.{name}", "is no member of the request")
    return seen


def _text(shape: Any, value: str | bytes, path: str, refuse: Refuse) -> None:
    _within(shape, len(value), path, refuse, "characters")
    if isinstance(value, bytes):
        return
    enum = getattr(shape, "enum", None)
    if enum and value not in enum:
        refuse(path, f"{value[:60]!r} is none of {', '.join(enum[:12])}")
    pattern = shape.metadata.get("pattern")
    if pattern and not _fits(pattern, value):
        refuse(path, f"{value[:120]!r} does not match {pattern}")


def _fits(pattern: str, value: str) -> bool:
    # Published patterns are Java's; without anchors the services match the whole text.
    return regex.fullmatch(pattern.removeprefix("^").removesuffix("$"), value, flags=regex.V0) is not None or (
        regex.fullmatch(pattern, value) is not None
    )


def _within(shape: Any, size: float, path: str, refuse: Refuse, unit: str) -> None:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < least:
        refuse(path, f"{size} {unit} is less than {least}".replace("  ", " "))
    if most is not None and size > most:
        refuse(path, f"{size} {unit} is more than {most}".replace("  ", " "))
