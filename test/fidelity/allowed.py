"""What is said against the product and is wrong, each with the reason. Nothing else is passed over; what is never met here fails the run."""

from __future__ import annotations

from typing import Mapping

# Inputs that no call carries, by type ("*": every type) and input.
NOT_SENT: Mapping[tuple[str, str], str] = {
    ("*", "region"): "says where the call goes",
    ("aws:lambda/function:Function", "code"): "is read by the provider and goes out as a zip",
    ("aws:sns/topicSubscription:TopicSubscription", "endpointAutoConfirms"): "says how long the provider waits",
}

# Refusals of the service authorization reference, by their text.
POLICIES: Mapping[str, str] = {
    "key policy, LogsEncryptTheLogGroups: kms:DescribeKey has no condition key kms:EncryptionContext:aws:logs:arn": (
        "AWS's own statement for encrypted log groups (CloudWatch Logs user guide, encrypt-log-data-kms): DescribeKey stands in it, to no effect"
    ),
    "managed policy, AnyLogGroup: logs:DescribeLogGroups acts on * and never on arn:aws:logs:*:123456789012:log-group:*": (
        "AWS asks for it on log-group:* (CloudWatch Logs user guide, AWS-logs-infrastructure-CWL, note on DescribeLogGroups)"
    ),
    "managed policy, AnyLogGroup: none of its actions acts on arn:aws:logs:*:123456789012:log-group:*": "as above",
}
