"""Faults that are planted in what the programs ask for, to show that each checker sees them."""

from __future__ import annotations

import copy
import json
from typing import Any, Callable, Iterable, NamedTuple, Sequence

from findings import Findings, Resource

Check = Callable[[Iterable[Resource]], Findings]


class Gone:
    """In place of a value: the input is taken away."""


class Plant(NamedTuple):
    """One fault: where it is put into the first resource of a type that has the place, and what the refusal says."""

    type: str
    # Dotted; a `|` leads into a JSON text.
    path: str
    value: Any
    seen: str


def planted(check: Check, plants: Sequence[Plant], resources: Sequence[Resource]) -> dict[str, Any]:
    """How many of the faults are seen. A place that no resource has is not seen either."""
    made: list[tuple[str, Plant, Resource | None]] = []
    for index, plant in enumerate(plants):
        made.append((f"planted {index}", plant, _spoilt(plant, resources)))
    found = check([one._replace(where=where) for where, _plant, one in made if one is not None])
    unseen = [
        f"{plant.type} {plant.path} = {str(plant.value)[:60]}"
        for where, plant, one in made
        if one is None or not _is_seen(where, plant, found)
    ]
    return {"of": len(plants), "seen": len(plants) - len(unseen), "unseen": unseen}


def _is_seen(where: str, plant: Plant, found: Findings) -> bool:
    places = [place for what, places in found.refusals.items() if plant.seen in what for place in places]
    return any(place == where or place.startswith(f"{where} ") for place in places)


def _spoilt(plant: Plant, resources: Sequence[Resource]) -> Resource | None:
    for resource in resources:
        if resource.type != plant.type:
            continue
        inputs = copy.deepcopy(dict(resource.inputs))
        try:
            return resource._replace(inputs=_put(inputs, plant.path, plant.value))
        except (KeyError, IndexError):
            continue
    return None


def _put(value: Any, path: str, new: Any) -> Any:
    here, bar, inside = path.partition("|")
    if bar:
        text = _get(value, here)
        return _put(value, here, json.dumps(_put(json.loads(text), inside, new)))
    head, dot, rest = path.partition(".")
    key: Any = int(head) if isinstance(value, list) else head
    if dot:
        value[key] = _put(value[key], rest, new)
    elif new is Gone:
        del value[key]
    else:
        value[key] = new
    return value


def _get(value: Any, path: str) -> Any:
    for key in path.split("."):
        value = value[int(key) if isinstance(value, list) else key]
    return value
