"""Holds what the programs ask of AWS against models that others publish: `main.py EMITTED.json` prints what each checker found, as JSON."""

from __future__ import annotations

import json
import sys
from types import ModuleType
from typing import Any, Mapping, Sequence

import allowed
import check_documented
import check_policies
import check_requests
import check_templates
import documents
from findings import Findings, Resource, resources_of
from planted_faults import BY_CHECKER
from plants import planted

CHECKERS: Sequence[ModuleType] = (check_requests, check_documented, documents, check_policies, check_templates)


def report(checker: ModuleType, resources: Sequence[Resource]) -> dict[str, Any]:
    """One checker's counts, refusals, and the planted faults that it saw."""
    found: Findings = checker.check(resources)
    if checker is check_policies:
        _pass_over(found, allowed.POLICIES)
    if checker is check_requests:
        for of, key in allowed.NOT_SENT:
            if not any(of in ("*", one.type) and key in one.inputs for one in resources):
                found.refuse("allowed.py", f"no {of} has the input {key} any more; take it out")
    return {
        "name": checker.NAME,
        "counts": dict(found.counts),
        "refusals": found.refusals,
        "planted": planted(checker.check, BY_CHECKER[checker.__name__], resources),
    }


def _pass_over(found: Findings, reasons: Mapping[str, str]) -> None:
    for what in reasons:
        places = found.refusals.pop(what, None)
        if places is None:
            found.refuse("allowed.py", f"nothing says any more: {what}; take it out")
        else:
            found.counts["allowed by name"] += 1


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        emitted = list(resources_of(json.load(file)))
    json.dump([report(checker, emitted) for checker in CHECKERS], sys.stdout)
