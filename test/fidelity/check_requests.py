"""Every resource as the API requests that make it, held against botocore's service models."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Iterable, Iterator

import botocore
import botocore.session

from allowed import NOT_SENT
from calls import CALLS
from check_shape import check_shape
from convert import Call, Unmapped, takes, to_request
from findings import Findings, Resource

NAME = f"service models of botocore {botocore.__version__}"

_session = botocore.session.Session()


def check(resources: Iterable[Resource]) -> Findings:
    """What botocore's models refuse; what is in no table is refused as well."""
    found = Findings()
    types = set()
    for resource in resources:
        types.add(resource.type)
        found.counts["resources"] += 1
        calls = CALLS.get(resource.type)
        if calls is None:
            found.refuse(resource.where, f"{resource.type} is in no table: say in calls.py which API calls make it")
            continue
        for call in _made(resource):
            name = f"{call.service}:{call.operation}"
            request = _request(call, resource, lambda path: found.refuse(resource.where, f"{resource.type} {path} is no member of {name}"))
            found.counts["requests"] += 1
            found.counts["members"] += check_shape(
                _input_shape(call), request, "", lambda path, why: found.refuse(resource.where, f"{name}{path} {why}")
            )
        for key in resource.inputs:
            if _not_sent(resource.type, key):
                found.counts["inputs not sent"] += 1
            elif not any(takes(call, key) for call in calls):
                found.refuse(resource.where, f"{resource.type} {key} goes into no call of calls.py")
    found.counts["types"] = len(types)
    return found


def requests_of(resource: Resource) -> Iterator[dict[str, Any]]:
    """The requests that make a resource, as far as they are known."""
    for call in _made(resource):
        yield _request(call, resource, lambda _path: None)


def _made(resource: Resource) -> list[Call]:
    return [call for call in CALLS.get(resource.type, ()) if call.when == "" or call.when in resource.inputs]


def _request(call: Call, resource: Resource, unmapped: Unmapped) -> dict[str, Any]:
    inputs = {key: value for key, value in resource.inputs.items() if not _not_sent(resource.type, key)}
    return to_request(call, _input_shape(call), inputs, unmapped)


def _input_shape(call: Call) -> Any:
    return _shape_of(call.service, call.operation)


@lru_cache(maxsize=None)
def _shape_of(service: str, operation: str) -> Any:
    return _session.get_service_model(service).operation_model(operation).input_shape


def _not_sent(of: str, key: str) -> bool:
    return ("*", key) in NOT_SENT or (of, key) in NOT_SENT
