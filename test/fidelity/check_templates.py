"""What can be said as CloudFormation, held against its resource schemas by cfn-lint: the stack set's template verbatim, and resources converted."""

from __future__ import annotations

import importlib.metadata
import json
import re
from typing import Any, Iterable, Mapping

from cfnlint.api import lint
from cfnlint.config import ManualArgs
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from check_requests import requests_of
from documents import documents_of
from findings import Findings, Resource

NAME = f"resource schemas of cfn-lint {importlib.metadata.version('cfn-lint')}"

# Has every resource type that the fleet makes.
REGION = "us-east-1"
RESOURCES_PER_TEMPLATE = 400

# Names are unique within a stack: here resources of many stacks stand together.
PASSED_OVER = ["E3019"]

# CloudFormation's type of a resource, and members of its first API request (the others' are added) that have another name there.
TYPES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "aws:budgets/budget:Budget": ("AWS::Budgets::Budget", {}),
    "aws:cloudformation/stackSet:StackSet": ("AWS::CloudFormation::StackSet", {}),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": ("AWS::CloudWatch::CompositeAlarm", {}),
    "aws:cloudwatch/dashboard:Dashboard": ("AWS::CloudWatch::Dashboard", {}),
    "aws:cloudwatch/logGroup:LogGroup": ("AWS::Logs::LogGroup", {}),
    "aws:cloudwatch/metricAlarm:MetricAlarm": ("AWS::CloudWatch::Alarm", {}),
    "aws:costexplorer/anomalyMonitor:AnomalyMonitor": ("AWS::CE::AnomalyMonitor", {"AnomalyMonitor": ""}),
    "aws:costexplorer/anomalySubscription:AnomalySubscription": ("AWS::CE::AnomalySubscription", {"AnomalySubscription": ""}),
    "aws:dynamodb/table:Table": ("AWS::DynamoDB::Table", {}),
    "aws:iam/role:Role": ("AWS::IAM::Role", {}),
    "aws:iam/rolePolicy:RolePolicy": ("AWS::IAM::RolePolicy", {}),
    "aws:kms/alias:Alias": ("AWS::KMS::Alias", {}),
    "aws:kms/key:Key": ("AWS::KMS::Key", {"Policy": "KeyPolicy"}),
    "aws:lambda/alias:Alias": ("AWS::Lambda::Alias", {}),
    "aws:lambda/eventSourceMapping:EventSourceMapping": ("AWS::Lambda::EventSourceMapping", {}),
    "aws:lambda/function:Function": ("AWS::Lambda::Function", {}),
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": ("AWS::Lambda::EventInvokeConfig", {}),
    "aws:oam/link:Link": ("AWS::Oam::Link", {}),
    "aws:oam/sink:Sink": ("AWS::Oam::Sink", {}),
    "aws:organizations/policy:Policy": ("AWS::Organizations::Policy", {}),
    "aws:s3/bucketPolicy:BucketPolicy": ("AWS::S3::BucketPolicy", {"Policy": "PolicyDocument"}),
    "aws:scheduler/schedule:Schedule": ("AWS::Scheduler::Schedule", {}),
    "aws:sns/topic:Topic": ("AWS::SNS::Topic", {"Attributes": "", "Name": "TopicName"}),
    "aws:sns/topicSubscription:TopicSubscription": ("AWS::SNS::Subscription", {}),
    "aws:sqs/queue:Queue": ("AWS::SQS::Queue", {"Attributes": ""}),
}

Schema = Mapping[str, Any]


def check(resources: Iterable[Resource]) -> Findings:
    """Errors of cfn-lint. What differs in accounts, regions and times alone is looked at once."""
    found = Findings()
    places: dict[str, str] = {}
    made: dict[str, dict[str, Any]] = {}
    for resource in resources:
        for document in documents_of(resource):
            if document.kind == "template":
                found.counts["templates"] += 1
                _lint(document.text, lambda _path: resource.where, found)
        if resource.type in TYPES:
            found.counts["resources"] += 1
            one = _resource(resource)
            key = _likeness(one)
            if key not in places:
                places[key] = resource.where
                made[key] = one
        else:
            found.counts["left to botocore"] += 1
    keys = list(made)
    found.counts["distinct resources"] = len(keys)
    for start in range(0, len(keys), RESOURCES_PER_TEMPLATE):
        part = keys[start : start + RESOURCES_PER_TEMPLATE]
        template = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": {f"R{index}": made[key] for index, key in enumerate(part)}}
        _lint(json.dumps(template), lambda path, part=part: places[part[int(str(path[1])[1:])]] if len(path) > 1 else "a template", found)
    return found


def _likeness(resource: dict[str, Any]) -> str:
    properties = {**resource["Properties"]}
    # Of tags it is number and length that AWS minds.
    given = properties.pop("Tags", [])
    pairs = given.items() if isinstance(given, dict) else [(tag["Key"], tag["Value"]) for tag in given]
    tags = [(len(key), len(value) // 32) for key, value in pairs]
    text = json.dumps([resource["Type"], properties, tags])
    return re.sub(r"\d{12}|(?<![a-z])[a-z]{2}-[a-z]+-\d(?!\d)|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "?", text)


def _lint(template: str, where: Any, found: Findings) -> None:
    for match in lint(template, config=ManualArgs(regions=[REGION], include_checks=["E"], ignore_checks=["W", "I", *PASSED_OVER])):
        path = list(match.path or [])
        kind = "/".join(str(part) for part in path[2:])
        found.refuse(where(path), f"{match.rule.id} {kind}: {match.message[:300]}")


def _resource(resource: Resource) -> dict[str, Any]:
    name, rename = TYPES[resource.type]
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, name).schema
    members: dict[str, Any] = {}
    for request in requests_of(resource):
        for member, value in request.items():
            if rename.get(member) == "":
                members.update(value)
            else:
                members.setdefault(rename.get(member, member), value)
    if name == "AWS::Lambda::Function":
        members["Code"] = {"S3Bucket": "a-bucket", "S3Key": "a-key"}
    if "SSESpecification" in members:
        members["SSESpecification"] = {"SSEEnabled": members["SSESpecification"].get("Enabled"), **members["SSESpecification"]}
    return {"Type": name, "Properties": _properties(schema, schema, members)}


def _properties(root: Schema, schema: Schema, value: Any) -> Any:
    """A value of a request as CloudFormation has it: numbers that are text on the wire, JSON texts that are objects, tags that are pairs."""
    schema = _resolved(root, schema)
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if isinstance(value, dict) and "array" in kinds:
        value = [_pair(root, schema, key, item) for key, item in value.items()]
    if isinstance(value, dict) and value.keys() == {"TagKey", "TagValue"}:
        value = {"Key": value["TagKey"], "Value": value["TagValue"]}
    if isinstance(value, dict) and "string" in kinds and "object" not in kinds:
        return json.dumps(value)
    if isinstance(value, str) and "object" in kinds:
        return json.loads(value) if value.startswith("{") else value
    if isinstance(value, str) and "integer" in kinds:
        return int(value) if value.isdigit() else value
    if isinstance(value, str) and "boolean" in kinds:
        return {"true": True, "false": False}.get(value, value)
    if isinstance(value, list):
        return [_properties(root, schema.get("items", {}), item) for item in value]
    if isinstance(value, dict) and "properties" in schema:
        known = {name.lower(): name for name in schema["properties"]}
        return {
            known[key.lower()]: _properties(root, schema["properties"][known[key.lower()]], item)
            for key, item in value.items()
            if key.lower() in known
        }
    return value


def _pair(root: Schema, schema: Schema, key: str, value: Any) -> dict[str, Any]:
    """One entry of a map of the request, where CloudFormation has a list: tags, and the weights of versions."""
    names = sorted(_resolved(root, schema.get("items", {})).get("properties", {}))
    return dict(zip(names, (key, value))) if len(names) == 2 else {key: value}


def _resolved(root: Schema, schema: Schema) -> Schema:
    while "$ref" in schema:
        node: Any = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            node = node[part]
        schema = node
    return schema
