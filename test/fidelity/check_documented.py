"""What AWS documents of names, tags and sizes, and no model of it says."""

from __future__ import annotations

import json
import re
from typing import Any, Callable, Iterable, Mapping

from findings import Findings, Resource

NAME = "names, tags and sizes as AWS documents them"

_HYPHENS = r"[A-Za-z0-9_-]"

# By type and input: what the whole text must match, and who says so.
TEXTS: Mapping[tuple[str, str], tuple[str, str]] = {
    ("aws:sqs/queue:Queue", "name"): (rf"{_HYPHENS}{{1,80}}(\.fifo)?", "SQS, quotas-queues"),
    ("aws:sns/topic:Topic", "name"): (rf"{_HYPHENS}{{1,256}}(\.fifo)?", "SNS, CreateTopic"),
    ("aws:cloudwatch/dashboard:Dashboard", "dashboardName"): (rf"{_HYPHENS}{{1,255}}", "CloudWatch, PutDashboard"),
    ("aws:cloudwatch/metricAlarm:MetricAlarm", "name"): (r"[\x20-\x7e]{1,255}", "CloudWatch, PutMetricAlarm: ASCII"),
    ("aws:cloudwatch/metricAlarm:MetricAlarm", "namespace"): (r"[^:][\x21-\x7e]{0,254}", "CloudWatch, PutMetricAlarm"),
    ("aws:cloudwatch/compositeAlarm:CompositeAlarm", "alarmName"): (r"[\x20-\x7e]{1,255}", "CloudWatch, PutCompositeAlarm: ASCII"),
    ("aws:dynamodb/table:Table", "name"): (r"[A-Za-z0-9_.-]{3,255}", "DynamoDB, HowItWorks.NamingRulesDataTypes"),
    ("aws:lambda/function:Function", "name"): (rf"{_HYPHENS}{{1,64}}", "Lambda, CreateFunction: 64 characters of a name"),
    ("aws:kms/alias:Alias", "name"): (r"alias/(?!aws/)[a-zA-Z0-9/_-]{1,250}", "KMS, CreateAlias"),
    ("aws:s3/bucket:Bucket", "bucket"): (
        r"(?!xn--|sthree-|amzn-s3-demo-)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9-]{1,61}[a-z0-9](?<!-s3alias)(?<!--ol-s3)(?<!--x-s3)",
        "S3, bucketnamingrules",
    ),
    ("aws:cloudformation/stackSet:StackSet", "name"): (r"[A-Za-z][A-Za-z0-9-]{0,127}", "CloudFormation, CreateStackSet"),
    ("aws:scheduler/schedule:Schedule", "scheduleExpression"): (
        r"rate\((1 (minute|hour|day)|([2-9]|[1-9]\d+) (minutes|hours|days))\)|cron\(\S+( \S+){5}\)|at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)",
        "EventBridge Scheduler, schedule-types",
    ),
}

MAX_TAGS = 50
TAG_TEXT = re.compile(r"[\w +\-=._:/@]*")


def _bytes_of_variables(value: Any) -> int:
    return sum(len(key.encode()) + len(text.encode()) for key, text in value.get("variables", {}).items())


# By type and input: how its size is measured, and the most that AWS takes.
SIZES: Mapping[tuple[str, str], tuple[Callable[[Any], int], int, str]] = {
    ("aws:lambda/function:Function", "environment"): (_bytes_of_variables, 4_096, "bytes of environment variables"),
    ("aws:scheduler/schedule:Schedule", "target"): (lambda value: len(value.get("input", "").encode()), 262_144, "bytes of a target's input"),
    ("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "rules"): (len, 1_000, "rules"),
    ("aws:sns/topicPolicy:TopicPolicy", "policy"): (lambda value: len(json.loads(value)["Statement"]), 100, "statements"),
    ("aws:sqs/queue:Queue", "visibilityTimeoutSeconds"): (int, 43_200, "seconds"),
    ("aws:sqs/queue:Queue", "messageRetentionSeconds"): (int, 1_209_600, "seconds"),
    ("aws:sqs/queue:Queue", "kmsDataKeyReusePeriodSeconds"): (int, 86_400, "seconds"),
    ("aws:sqs/queue:Queue", "redrivePolicy"): (lambda value: int(json.loads(value)["maxReceiveCount"]), 1_000, "receives"),
    ("aws:budgets/budget:Budget", "notifications"): (len, 5, "notifications"),
    ("aws:costexplorer/anomalySubscription:AnomalySubscription", "subscribers"): (len, 10, "subscribers"),
}


def check(resources: Iterable[Resource]) -> Findings:
    """Names, tags and sizes outside what is documented."""
    found = Findings()
    for resource in resources:
        for key, value in resource.inputs.items():
            _check_text(resource, key, value, found)
            _check_size(resource, key, value, found)
        if isinstance(resource.inputs.get("tags"), dict):
            _check_tags(resource, resource.inputs["tags"], found)
    return found


def _check_text(resource: Resource, key: str, value: Any, found: Findings) -> None:
    pattern, source = TEXTS.get((resource.type, key), ("", ""))
    if pattern:
        found.counts["texts"] += 1
        if re.fullmatch(pattern, value) is None:
            found.refuse(resource.where, f"{resource.type} {key} {value[:80]!r} is not as documented ({source})")


def _check_size(resource: Resource, key: str, value: Any, found: Findings) -> None:
    rule = SIZES.get((resource.type, key))
    if rule:
        measure, most, unit = rule
        found.counts["sizes"] += 1
        if measure(value) > most:
            found.refuse(resource.where, f"{resource.type} {key}: {measure(value)} {unit} are more than {most}")


def _check_tags(resource: Resource, tags: Mapping[str, str], found: Findings) -> None:
    found.counts["tags"] += len(tags)
    if len(tags) > MAX_TAGS:
        found.refuse(resource.where, f"{resource.type}: {len(tags)} tags are more than {MAX_TAGS}")
    for key, value in tags.items():
        if key.lower().startswith("aws:"):
            found.refuse(resource.where, f"{resource.type}: tag {key} is of AWS's own")
        if not 1 <= len(key) <= 128 or len(value) > 256 or not TAG_TEXT.fullmatch(key) or not TAG_TEXT.fullmatch(value):
            found.refuse(resource.where, f"{resource.type}: tag {key[:40]!r} has characters or a length that not every service takes")
