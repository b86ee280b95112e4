"""From inputs of `@pulumi/aws` to the members of an API request, as the provider sends them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Callable, Mapping

Inputs = Mapping[str, Any]
Unmapped = Callable[[str], None]


@dataclass(frozen=True)
class Call:
    """One API call that the provider makes for a resource. Paths are dotted, as `ttl.attributeName`; indices are left out."""

    service: str
    operation: str
    # Inputs that go into this call; None: all but what it leaves to another.
    takes: tuple[str, ...] | None = None
    leaves: tuple[str, ...] = ()
    # Path of an input to the path of its member, from the structure that its parent became.
    rename: Mapping[str, str] = field(default_factory=dict)
    # What the provider adds by itself, from the inputs.
    adds: Callable[[Inputs], dict[str, Any]] = lambda inputs: {}
    # Inputs that are JSON text and go out as a structure.
    parses: tuple[str, ...] = ()
    # Inputs that are one value where the request has a list.
    wraps: tuple[str, ...] = ()
    # Inputs that `adds` reads, or that are said by making the call at all.
    reads: tuple[str, ...] = ()
    # The call is made where this input is there. Empty: always.
    when: str = ""


def to_request(call: Call, shape: Any, inputs: Inputs, unmapped: Unmapped) -> dict[str, Any]:
    """The request's members. Tells `unmapped` of every input that finds none."""
    sent = {key: _sent(call, key, value) for key, value in inputs.items() if takes(call, key) and key not in call.reads}
    return _structure(_Walk(call, unmapped), shape, sent, "", call.adds(inputs))


def takes(call: Call, key: str) -> bool:
    """Whether an input goes into a call."""
    return key in call.reads or (key in call.takes if call.takes is not None else key not in call.leaves)


def _sent(call: Call, key: str, value: Any) -> Any:
    if key in call.parses:
        return _without_nulls(json.loads(value))
    return [value] if key in call.wraps else value


def _without_nulls(value: Any) -> Any:
    """As the provider reads it: what is null is not there."""
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value


@dataclass(frozen=True)
class _Walk:
    call: Call
    unmapped: Unmapped


def _value(walk: _Walk, shape: Any, value: Any, path: str) -> Any:
    kind = shape.type_name
    if kind == "structure":
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        return _structure(walk, shape, value, path) if isinstance(value, dict) else value
    if kind == "list":
        if isinstance(value, dict):
            pairs = _pairs(shape.member, value)
            value = [value] if pairs is None else pairs
        return [_value(walk, shape.member, item, path) for item in value] if isinstance(value, list) else value
    if kind == "map" and isinstance(value, dict):
        return {key: _value(walk, shape.value, item, f"{path}.{key}") for key, item in value.items()}
    if kind == "string" and isinstance(value, (bool, int, float)):
        return str(value).lower()
    return value


def _pairs(member: Any, value: Inputs) -> list[dict[str, str]] | None:
    """Tags and dimensions are a list of pairs on the wire, of whatever the service calls the two."""
    if member.type_name != "structure" or len(member.members) != 2:
        return None
    names = list(member.members)
    key = next((name for name in names if name in ("Key", "TagKey", "Name", "key")), None)
    if key is None:
        return None
    other = next(name for name in names if name != key)
    return [{key: one, other: text} for one, text in value.items()]


def _structure(walk: _Walk, shape: Any, value: Inputs, path: str, given: dict[str, Any] | None = None) -> dict[str, Any]:
    made = {} if given is None else given
    for key, item in value.items():
        here = f"{path}.{key}".removeprefix(".")
        target = walk.call.rename.get(here) or _member(shape, key)
        if target is None:
            # The pairs of `_pairs` have their own names already.
            if key in shape.members:
                target = key
            else:
                walk.unmapped(here)
                continue
        _put(walk, shape, made, target.split("."), item, here)
    return made


def _put(walk: _Walk, shape: Any, made: dict[str, Any], target: list[str], item: Any, path: str) -> None:
    head, *rest = target
    if head.endswith("[]"):
        # The only entry of a list.
        entries = made.setdefault(head[:-2], [{}])
        return _put(walk, shape.members[head[:-2]].member, entries[0], rest, item, path)
    inner = shape.value if shape.type_name == "map" else shape.members[head]
    if rest:
        _put(walk, inner, made.setdefault(head, {}), rest, item, path)
    else:
        value = _value(walk, inner, item, path)
        added = made.get(head)
        made[head] = {**added, **value} if isinstance(added, dict) and isinstance(value, dict) else value


def _member(shape: Any, key: str) -> str | None:
    wanted = key.replace("_", "").lower()
    by_name = {name.lower(): name for name in shape.members}
    for form in (wanted, f"{wanted}s", wanted.removesuffix("s")):
        if form in by_name:
            return by_name[form]
    return None
