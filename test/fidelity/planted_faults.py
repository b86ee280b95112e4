"""The faults, by checker."""

from __future__ import annotations

from typing import Mapping, Sequence

from plants import Gone, Plant

_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
_FUNCTION = "aws:lambda/function:Function"
_QUEUE = "aws:sqs/queue:Queue"
_ROLE = "aws:iam/role:Role"
_ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
_KEY = "aws:kms/key:Key"
_TABLE = "aws:dynamodb/table:Table"
_LIFECYCLE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
_TEMPLATE = "aws:cloudformation/stackSet:StackSet"
_TOPIC = "aws:sns/topicPolicy:TopicPolicy"

REQUESTS: Sequence[Plant] = (
    Plant(_FUNCTION, "name", "n" * 400, "characters is more than"),
    Plant(_FUNCTION, "name", "a name with spaces", "does not match"),
    Plant(_FUNCTION, "runtime", "nodejs99.x", "is none of"),
    Plant(_FUNCTION, "timeout", 0, "is less than 1"),
    Plant(_FUNCTION, "memorySize", 64_000, "is more than"),
    Plant(_FUNCTION, "role", Gone, "Role is missing"),
    Plant(_FUNCTION, "role", "arn:aws:iam:eu-west-1:123456789012:role/x", "does not match"),
    Plant(_FUNCTION, "memorySize", "1024", "is str where AWS wants integer"),
    Plant(_FUNCTION, "architectures", ["sparc"], "is none of"),
    Plant(_FUNCTION, "loggingConfig.logFormat", "XML", "is none of"),
    Plant(_FUNCTION, "reservedConcurrentExecutions", -1, "is less than 0"),
    Plant(_FUNCTION, "colour", "red", "colour is no member of lambda:CreateFunction"),
    Plant("aws:lambda/eventSourceMapping:EventSourceMapping", "scalingConfig.maximumConcurrency", 1, "is less than 2"),
    Plant("aws:lambda/eventSourceMapping:EventSourceMapping", "functionResponseTypes", ["Everything"], "is none of"),
    Plant("aws:lambda/alias:Alias", "routingConfig.additionalVersionWeights", {"2": 1.5}, "is more than 1"),
    Plant("aws:lambda/alias:Alias", "functionVersion", "latest", "does not match"),
    Plant(_ALARM, "comparisonOperator", "MoreThan", "is none of"),
    Plant(_ALARM, "evaluationPeriods", 0, "is less than 1"),
    Plant(_ALARM, "name", "", "is less than 1"),
    Plant(_ALARM, "metricQueries.0.id", Gone, "Id is missing"),
    Plant(_ALARM, "metricQueries.0.colour", "red", "metricQueries.colour is no member"),
    Plant(_ALARM, "dimensions", {f"d{index}": "v" for index in range(31)}, "entries is more than 30"),
    Plant(_ROLE, "name", "r" * 65, "characters is more than 64"),
    Plant(_ROLE, "path", "no/slash", "does not match"),
    Plant(_ROLE, "tags", {"k" * 129: "v"}, "characters is more than 128"),
    Plant(_TABLE, "name", "", "is less than 1"),
    Plant(_TABLE, "billingMode", "FREE", "is none of"),
    Plant(_TABLE, "attributes.0.type", "X", "is none of"),
    Plant(_TABLE, "hashKey", "k" * 256, "characters is more than 255"),
    Plant(_KEY, "deletionWindowInDays", 0, "is less than 1"),
    Plant("aws:kms/alias:Alias", "name", "alias/with spaces", "does not match"),
    Plant("aws:cloudwatch/logGroup:LogGroup", "name", "/a group", "does not match"),
    Plant("aws:oam/link:Link", "resourceTypes", ["AWS::S3::Bucket"], "is none of"),
    Plant("aws:scheduler/schedule:Schedule", "flexibleTimeWindow.mode", "SOMETIMES", "is none of"),
    Plant("aws:scheduler/schedule:Schedule", "target.arn", Gone, "Arn is missing"),
    Plant(_LIFECYCLE, "rules.0.status", "On", "is none of"),
    Plant("aws:organizations/policy:Policy", "type", "TAGS", "is none of"),
    Plant("aws:organizations/policyAttachment:PolicyAttachment", "targetId", "ou-1", "does not match"),
    Plant("aws:budgets/budget:Budget", "timeUnit", "FORTNIGHTLY", "is none of"),
    Plant("aws:budgets/budget:Budget", "notifications.0.subscriberSnsTopicArns", [], "entries is less than 1"),
    Plant("aws:costexplorer/anomalySubscription:AnomalySubscription", "frequency", "HOURLY", "is none of"),
    Plant("aws:cloudformation/stackSetInstance:StackSetInstance", "stackSetInstanceRegion", "Europe!", "does not match"),
    Plant("aws:cloudformation/stackSetInstance:StackSetInstance", "deploymentTargets.organizationalUnitIds.0", "root", "does not match"),
    Plant(_QUEUE, "colour", "red", "colour is no member of sqs:CreateQueue"),
)

SIZES: Sequence[Plant] = (
    Plant(_ROLE, "assumeRolePolicy|Statement.0.Condition", {"StringEquals": {"aws:PrincipalArn": ["r" * 2_048]}}, "a trust policy of"),
    Plant(_ROLE_POLICY, "policy|Statement.0.Resource", ["r" * 10_240], "inline policies of"),
    Plant(_KEY, "policy|Statement.0.Sid", "s" * 32_768, "a key policy of"),
    Plant(_TOPIC, "policy|Statement.0.Sid", "s" * 30_720, "a topic policy of"),
    Plant("aws:s3/bucketPolicy:BucketPolicy", "policy|Statement.0.Sid", "s" * 20_480, "a bucket policy of"),
    Plant("aws:oam/sinkPolicy:SinkPolicy", "policy|Statement.0.Sid", "s" * 32_768, "a sink policy of"),
    Plant("aws:organizations/policy:Policy", "content|tags", "t" * 10_000, "a tag policy of"),
    Plant("aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy", "policyDocument|Name", "n" * 30_720, "a data protection policy of"),
    Plant("aws:cloudwatch/dashboard:Dashboard", "dashboardBody|start", "s" * 1_000_000, "a dashboard of"),
    Plant(_TEMPLATE, "templateBody|Description", "d" * 51_200, "a template of"),
    Plant(_TEMPLATE, "templateBody|Resources.PreviewPolicy.Properties.PolicyDocument.Statement.0.Sid", "s" * 6_144, "a managed policy of"),
    Plant(_TEMPLATE, "templateBody|Resources.DeployRole.Properties.AssumeRolePolicyDocument.Statement.0.Sid", "s" * 2_048, "a trust policy of"),
    Plant(_TEMPLATE, "templateBody|Resources.DeployRole.Properties.ManagedPolicyArns", ["p"] * 11, "11 policies are attached"),
    Plant(_QUEUE, "accessPolicy", "{}", "accessPolicy is in no table"),
)

_PREVIEW = "templateBody|Resources.PreviewPolicy.Properties.PolicyDocument.Statement.0"

POLICIES: Sequence[Plant] = (
    Plant(_ROLE_POLICY, "policy|Statement.0.Action", ["sqs:SendMesage"], "there is no action sqs:SendMesage"),
    Plant(_ROLE_POLICY, "policy|Statement.0.Action", ["sqs:Reboot*"], "there is no action sqs:Reboot*"),
    Plant(_ROLE_POLICY, "policy|Statement.0.Action", ["sqs:ListQueues", "s3:PutObject"], "s3:PutObject acts on"),
    Plant(_ROLE_POLICY, "policy|Statement.0.Action", ["xray:PutTraceSegments"], "xray:PutTraceSegments acts on * and never on"),
    Plant(_ROLE_POLICY, "policy|Statement.0.Resource", ["arn:aws:s3:::b/*"], "none of its actions acts on arn:aws:s3:::b/*"),
    Plant(_ROLE_POLICY, "policy|Statement.0.Condition", {"StringEquals": {"kms:ViaService": "x"}}, "has no condition key kms:ViaService"),
    Plant(_ROLE_POLICY, "policy|Statement.0.Condition", {"StringEquals": {"aws:SourceOrg": "x"}}, "has no condition key aws:SourceOrg"),
    Plant(_ROLE_POLICY, "policy|Statement.0.Condition", {"StringIs": {"aws:SourceArn": "x"}}, "there is no condition operator StringIs"),
    Plant(_ROLE_POLICY, "policy|Statement.0.Principal", "*", "names a principal"),
    Plant(_ROLE_POLICY, "policy|Statement.0.Effect", "Permit", "its effect is 'Permit'"),
    Plant(_ROLE_POLICY, "policy|Statement.0.Sid", "with-hyphen", "its Sid has other characters"),
    Plant(_ROLE_POLICY, "policy|Statement.0.Reason", "why", "there is no element Reason"),
    Plant(_ROLE_POLICY, "policy|Version", "2008-10-17", "of version '2008-10-17'"),
    Plant(_ROLE, "assumeRolePolicy|Statement.0.Resource", "*", "which a trust policy may not"),
    Plant(_ROLE, "assumeRolePolicy|Statement.0.Action", "sts:Assume", "there is no action sts:Assume"),
    Plant(
        _ROLE,
        "assumeRolePolicy|Statement.0",
        {
            **{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity"},
            **{"Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/a.example.com"}},
            **{"Condition": {"StringEquals": {"b.example.com:sub": "x"}}},
        },
        "has no condition key b.example.com:sub",
    ),
    Plant(_ROLE_POLICY, "policy|Statement.0.Resource", ["arn:aws:logs:eu-west-1:${aws:PrincipalAccount}:log-group:/x:*"], "acts on"),
    Plant(_TOPIC, "policy|Statement.0.Principal", Gone, "names no principal"),
    Plant(_TOPIC, "policy|Statement.0.Action", "sns:Notify", "there is no action sns:Notify"),
    Plant(_KEY, "policy|Statement.1.Action", ["kms:Encode"], "there is no action kms:Encode"),
    Plant(_TEMPLATE, f"{_PREVIEW}.Action", ["lambda:GetFunktion"], "there is no action lambda:GetFunktion"),
    Plant(_TEMPLATE, f"{_PREVIEW}.Condition", {"StringEquals": {"sqs:Colour": "x"}}, "has no condition key sqs:Colour"),
)

_SPOILT = "templateBody|Resources.PreviewRole"

TEMPLATES: Sequence[Plant] = (
    Plant(_TEMPLATE, f"{_SPOILT}.Properties.RoleName", "r" * 65, "is longer than 64"),
    Plant(_TEMPLATE, f"{_SPOILT}.Properties.Colour", "red", "'Colour' was unexpected"),
    Plant(_TEMPLATE, f"{_SPOILT}.Properties.MaxSessionDuration", 60, "is less than the minimum"),
    Plant(_TEMPLATE, f"{_SPOILT}.Properties.ManagedPolicyArns", [{"Ref": "NoPolicy"}], "NoPolicy"),
    Plant(_TEMPLATE, f"{_SPOILT}.Type", "AWS::IAM::Rolle", "AWS::IAM::Rolle"),
    Plant(_QUEUE, "visibilityTimeoutSeconds", 50_000, "is greater than the maximum"),
    Plant(_QUEUE, "messageRetentionSeconds", 10, "is less than the minimum"),
    Plant(_TABLE, "attributes.0.name", "another", "orderId"),
    Plant("aws:cloudwatch/logGroup:LogGroup", "retentionInDays", 31, "31 is not one of"),
    Plant(_ALARM, "period", 45, "45"),
    Plant(_KEY, "deletionWindowInDays", 31, "is greater than the maximum"),
    Plant(_FUNCTION, "memorySize", 127, "is less than the minimum"),
    Plant(_FUNCTION, "tracingConfig.mode", "Sometimes", "'Sometimes' is not one of"),
)

DOCUMENTED: Sequence[Plant] = (
    Plant(_QUEUE, "name", "q" * 81, "is not as documented"),
    Plant(_QUEUE, "name", "a queue", "is not as documented"),
    Plant("aws:sns/topic:Topic", "name", "a.topic", "is not as documented"),
    Plant(_FUNCTION, "name", "f" * 65, "is not as documented"),
    Plant("aws:s3/bucket:Bucket", "bucket", "Upper-Case", "is not as documented"),
    Plant("aws:s3/bucket:Bucket", "bucket", "b" * 64, "is not as documented"),
    Plant("aws:s3/bucket:Bucket", "bucket", "a-bucket-s3alias", "is not as documented"),
    Plant("aws:cloudwatch/dashboard:Dashboard", "dashboardName", "a.board", "is not as documented"),
    Plant(_ALARM, "name", "Größe", "is not as documented"),
    Plant(_TABLE, "name", "t", "is not as documented"),
    Plant("aws:kms/alias:Alias", "name", "alias/aws/mine", "is not as documented"),
    Plant("aws:scheduler/schedule:Schedule", "scheduleExpression", "rate(1 minutes)", "is not as documented"),
    Plant(_FUNCTION, "environment.variables.LONG", "v" * 4_096, "bytes of environment variables are more"),
    Plant(_QUEUE, "visibilityTimeoutSeconds", 43_201, "seconds are more than 43200"),
    Plant(_QUEUE, "redrivePolicy|maxReceiveCount", 1_001, "receives are more than 1000"),
    Plant(_ROLE, "tags", {f"tag {index}": "" for index in range(51)}, "51 tags are more than 50"),
    Plant(_ROLE, "tags", {"aws:mine": ""}, "is of AWS's own"),
    Plant(_ROLE, "tags", {"Team": "a & b"}, "has characters or a length"),
    Plant(_ROLE, "tags", {"Team": "t" * 257}, "has characters or a length"),
)

BY_CHECKER: Mapping[str, Sequence[Plant]] = {
    "check_requests": REQUESTS,
    "check_documented": DOCUMENTED,
    "documents": SIZES,
    "check_policies": POLICIES,
    "check_templates": TEMPLATES,
}
