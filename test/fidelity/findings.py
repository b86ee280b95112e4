"""What a checker hands back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Iterator, Mapping, NamedTuple


class Resource(NamedTuple):
    """One resource as the provider is told, and where it stands."""

    where: str
    type: str
    inputs: Mapping[str, Any]


@dataclass
class Findings:
    """Counts of what was looked at, and what AWS would refuse: what is wrong, with the places where it is."""

    counts: Counter[str] = field(default_factory=Counter)
    refusals: dict[str, list[str]] = field(default_factory=dict)

    def refuse(self, where: str, what: str) -> None:
        self.refusals.setdefault(what, []).append(where)


def resources_of(emitted: Mapping[str, Any]) -> Iterator[Resource]:
    """All resources, as `shape > target > name`."""
    for shape in emitted["shapes"]:
        for target in shape["targets"]:
            for resource in target["resources"]:
                where = f"{shape['name']} > {target['id']} > {resource['name']}"
                yield Resource(where, resource["type"], resource["inputs"])
