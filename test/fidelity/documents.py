"""The policy documents of resources and of the stack set's template, and how large AWS takes them."""

from __future__ import annotations

import json
import re
from typing import Any, Iterable, Iterator, Mapping, NamedTuple

from findings import Findings, Resource

NAME = "size of policies, templates and dashboards"

ACCOUNT = "123456789012"


class Document(NamedTuple):
    """A document as it goes out."""

    where: str
    kind: str
    text: str
    # What it is a part of, where AWS counts more than one together.
    owner: str


# By type: the input that is a document, and its kind.
INPUTS: Mapping[str, tuple[str, str]] = {
    "aws:iam/role:Role": ("assumeRolePolicy", "trust policy"),
    "aws:iam/rolePolicy:RolePolicy": ("policy", "inline policy"),
    "aws:iam/policy:Policy": ("policy", "managed policy"),
    "aws:kms/key:Key": ("policy", "key policy"),
    "aws:kms/keyPolicy:KeyPolicy": ("policy", "key policy"),
    "aws:sns/topicPolicy:TopicPolicy": ("policy", "topic policy"),
    "aws:sqs/queuePolicy:QueuePolicy": ("policy", "queue policy"),
    "aws:s3/bucketPolicy:BucketPolicy": ("policy", "bucket policy"),
    "aws:oam/sinkPolicy:SinkPolicy": ("policy", "sink policy"),
    "aws:organizations/policy:Policy": ("content", "tag policy"),
    "aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy": ("policyDocument", "data protection policy"),
    "aws:cloudformation/stackSet:StackSet": ("templateBody", "template"),
    "aws:cloudwatch/dashboard:Dashboard": ("dashboardBody", "dashboard"),
}

# Inputs whose name says that they are a document; one that is in no row above is refused.
LOOKS_LIKE_ONE = re.compile(r"policy(document)?$|templatebody$|dashboardbody$", re.IGNORECASE)
NO_DOCUMENTS = {("aws:sqs/queue:Queue", "redrivePolicy"), ("aws:sqs/redriveAllowPolicy:RedriveAllowPolicy", "redriveAllowPolicy")}

# Most that AWS takes, by its default quotas. IAM leaves white space out, the others count bytes.
CHARACTERS = {"trust policy": 2_048, "inline policy": 10_240, "managed policy": 6_144}
BYTES = {
    **{"key policy": 32_768, "topic policy": 30_720, "queue policy": 8_192, "bucket policy": 20_480, "sink policy": 32_768},
    **{"tag policy": 10_000, "data protection policy": 30_720, "template": 51_200, "dashboard": 1_000_000},
}
MANAGED_POLICIES_PER_ROLE = 10
POLICY_KINDS = ("trust policy", "inline policy", "managed policy", "key policy", "topic policy", "queue policy", "bucket policy", "sink policy")


def documents_of(resource: Resource) -> Iterator[Document]:
    """The documents of a resource, those of a template's roles and policies among them."""
    if resource.type not in INPUTS:
        return
    name, kind = INPUTS[resource.type]
    text = resource.inputs.get(name)
    if not isinstance(text, str):
        return
    stack = resource.where.rsplit(" > ", 1)[0]
    yield Document(resource.where, kind, text, f"{stack} > role {resource.inputs.get('role', '')}")
    if kind == "template":
        yield from _documents_of_template(resource.where, json.loads(text))


def _documents_of_template(where: str, template: Any) -> Iterator[Document]:
    for name, made in template["Resources"].items():
        properties = made["Properties"]
        inside = f"{where} > {name}"
        if made["Type"] == "AWS::IAM::ManagedPolicy":
            yield Document(inside, "managed policy", json.dumps(filled(properties["PolicyDocument"])), inside)
        elif made["Type"] == "AWS::IAM::Role":
            yield Document(inside, "trust policy", json.dumps(filled(properties["AssumeRolePolicyDocument"])), inside)
            for policy in properties.get("Policies", []):
                yield Document(inside, "inline policy", json.dumps(filled(policy["PolicyDocument"])), inside)


def filled(value: Any) -> Any:
    """As CloudFormation fills a template in, in some account."""
    if isinstance(value, dict):
        if set(value) == {"Fn::Sub"}:
            return value["Fn::Sub"].replace("${AWS::AccountId}", ACCOUNT)
        return {key: filled(item) for key, item in value.items()}
    return [filled(item) for item in value] if isinstance(value, list) else value


def size_of(document: Document) -> int:
    if document.kind in CHARACTERS:
        return len(re.sub(r"\s", "", json.dumps(json.loads(document.text), separators=(",", ":"), ensure_ascii=False)))
    return len(document.text.encode())


def check(resources: Iterable[Resource]) -> Findings:
    """What is larger than AWS takes."""
    found = Findings()
    inline: dict[str, int] = {}
    for resource in resources:
        for key, value in resource.inputs.items():
            unknown = INPUTS.get(resource.type, ("", ""))[0] != key and (resource.type, key) not in NO_DOCUMENTS
            if unknown and isinstance(value, str) and LOOKS_LIKE_ONE.search(key):
                found.refuse(resource.where, f"{resource.type} {key} is in no table: say in documents.py which document it is")
        for document in documents_of(resource):
            size, most = size_of(document), {**CHARACTERS, **BYTES}[document.kind]
            found.counts[f"{document.kind}s".replace("ys", "ies")] += 1
            if document.kind == "inline policy":
                inline[document.owner] = inline.get(document.owner, 0) + size
            elif size > most:
                found.refuse(document.where, f"a {document.kind} of {size} is more than the {most} that AWS takes")
            if document.kind == "template":
                _check_roles(document, found)
    for owner, size in inline.items():
        if size > CHARACTERS["inline policy"]:
            found.refuse(owner, f"inline policies of {size} together are more than the {CHARACTERS['inline policy']} that AWS takes")
    return found


def _check_roles(template: Document, found: Findings) -> None:
    for name, made in json.loads(template.text)["Resources"].items():
        attached = len(made["Properties"].get("ManagedPolicyArns", []))
        if attached > MANAGED_POLICIES_PER_ROLE:
            found.refuse(f"{template.where} > {name}", f"{attached} policies are attached to one role, AWS takes {MANAGED_POLICIES_PER_ROLE}")
