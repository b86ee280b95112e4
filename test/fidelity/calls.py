"""The API calls behind each resource type, as the provider makes them. A type that is not here is a failure of the run."""

from __future__ import annotations

from typing import Any, Mapping

from convert import Call, Inputs
# What the provider knows from elsewhere.
ACCOUNT = "123456789012"
KEY = "0a1b2c3d-0000-4000-8000-000000000000"


def _table(inputs: Inputs) -> dict[str, Any]:
    keys = (("hashKey", "HASH"), ("rangeKey", "RANGE"))
    encryption = {"SSESpecification": {"SSEType": "KMS"}} if inputs.get("serverSideEncryption", {}).get("enabled") else {}
    return {"KeySchema": [{"AttributeName": inputs[name], "KeyType": kind} for name, kind in keys if name in inputs], **encryption}


def _budget(inputs: Inputs) -> dict[str, Any]:
    """Filters are a list of the provider and a map of the request; a notification and who hears of it are one block of the provider and two members of the request."""
    subscribers = {"subscriberSnsTopicArns": "SNS", "subscriberEmailAddresses": "EMAIL"}
    return {
        "AccountId": ACCOUNT,
        "Budget": {"CostFilters": {one["name"]: one["values"] for one in inputs.get("costFilters", [])}},
        "NotificationsWithSubscribers": [
            {
                "Notification": {key[0].upper() + key[1:]: value for key, value in one.items() if key not in subscribers},
                "Subscribers": [
                    {"SubscriptionType": kind, "Address": address} for key, kind in subscribers.items() for address in one.get(key, [])
                ],
            }
            for one in inputs.get("notifications", [])
        ],
    }


CALLS: Mapping[str, tuple[Call, ...]] = {
    "aws:budgets/budget:Budget": (
        Call(
            "budgets",
            "CreateBudget",
            rename={
                **{"name": "Budget.BudgetName", "budgetType": "Budget.BudgetType", "timeUnit": "Budget.TimeUnit"},
                **{"limitAmount": "Budget.BudgetLimit.Amount", "limitUnit": "Budget.BudgetLimit.Unit", "tags": "ResourceTags"},
            },
            reads=("costFilters", "notifications"),
            adds=_budget,
        ),
    ),
    "aws:cloudformation/stackSet:StackSet": (
        Call("cloudformation", "CreateStackSet", rename={"name": "StackSetName"}, leaves=("operationPreferences",)),
        Call("cloudformation", "UpdateStackSet", rename={"name": "StackSetName"}),
    ),
    "aws:cloudformation/stackSetInstance:StackSetInstance": (
        Call(
            "cloudformation",
            "CreateStackInstances",
            leaves=("retainStack",),
            rename={"stackSetInstanceRegion": "Regions"},
            wraps=("stackSetInstanceRegion",),
        ),
        Call(
            "cloudformation",
            "DeleteStackInstances",
            when="retainStack",
            rename={"stackSetInstanceRegion": "Regions", "retainStack": "RetainStacks"},
            wraps=("stackSetInstanceRegion",),
        ),
    ),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": (Call("cloudwatch", "PutCompositeAlarm"),),
    "aws:cloudwatch/dashboard:Dashboard": (Call("cloudwatch", "PutDashboard"),),
    "aws:cloudwatch/logDataProtectionPolicy:LogDataProtectionPolicy": (
        Call("logs", "PutDataProtectionPolicy", rename={"logGroupName": "logGroupIdentifier"}),
    ),
    "aws:cloudwatch/logGroup:LogGroup": (
        Call("logs", "CreateLogGroup", rename={"name": "logGroupName"}, leaves=("retentionInDays",)),
        Call("logs", "PutRetentionPolicy", takes=("name", "retentionInDays"), when="retentionInDays", rename={"name": "logGroupName"}),
    ),
    "aws:cloudwatch/metricAlarm:MetricAlarm": (
        Call(
            "cloudwatch",
            "PutMetricAlarm",
            rename={
                **{"name": "AlarmName", "metricQueries": "Metrics", "metricQueries.metric": "MetricStat"},
                **{f"metricQueries.metric.{name}": f"Metric.{name[0].upper()}{name[1:]}" for name in ("metricName", "namespace", "dimensions")},
            },
        ),
    ),
    "aws:costexplorer/anomalyMonitor:AnomalyMonitor": (
        Call(
            "ce",
            "CreateAnomalyMonitor",
            rename={
                **{"name": "AnomalyMonitor.MonitorName", "monitorType": "AnomalyMonitor.MonitorType"},
                **{"monitorDimension": "AnomalyMonitor.MonitorDimension", "monitorSpecification": "AnomalyMonitor.MonitorSpecification"},
                "tags": "ResourceTags",
            },
            parses=("monitorSpecification",),
        ),
    ),
    "aws:costexplorer/anomalySubscription:AnomalySubscription": (
        Call(
            "ce",
            "CreateAnomalySubscription",
            rename={
                **{"name": "AnomalySubscription.SubscriptionName", "frequency": "AnomalySubscription.Frequency"},
                **{"monitorArnLists": "AnomalySubscription.MonitorArnList", "subscribers": "AnomalySubscription.Subscribers"},
                **{"thresholdExpression": "AnomalySubscription.ThresholdExpression", "tags": "ResourceTags"},
            },
        ),
    ),
    "aws:costexplorer/costAllocationTag:CostAllocationTag": (
        Call(
            "ce",
            "UpdateCostAllocationTagsStatus",
            takes=("tagKey", "status"),
            rename={"tagKey": "CostAllocationTagsStatus[].TagKey", "status": "CostAllocationTagsStatus[].Status"},
        ),
    ),
    "aws:dynamodb/table:Table": (
        Call(
            "dynamodb",
            "CreateTable",
            leaves=("ttl", "pointInTimeRecovery"),
            reads=("hashKey", "rangeKey"),
            rename={
                **{"name": "TableName", "attributes": "AttributeDefinitions", "attributes.name": "AttributeName"},
                **{"attributes.type": "AttributeType", "serverSideEncryption": "SSESpecification"},
                **{"serverSideEncryption.kmsKeyArn": "KMSMasterKeyId"},
            },
            adds=_table,
        ),
        Call("dynamodb", "UpdateTimeToLive", takes=("name", "ttl"), when="ttl", rename={"name": "TableName", "ttl": "TimeToLiveSpecification"}),
        Call(
            "dynamodb",
            "UpdateContinuousBackups",
            takes=("name", "pointInTimeRecovery"),
            when="pointInTimeRecovery",
            rename={
                **{"name": "TableName", "pointInTimeRecovery": "PointInTimeRecoverySpecification"},
                "pointInTimeRecovery.enabled": "PointInTimeRecoveryEnabled",
            },
        ),
    ),
    "aws:iam/role:Role": (
        Call("iam", "CreateRole", rename={"name": "RoleName", "assumeRolePolicy": "AssumeRolePolicyDocument"}),
    ),
    "aws:iam/rolePolicy:RolePolicy": (
        Call("iam", "PutRolePolicy", rename={"name": "PolicyName", "policy": "PolicyDocument", "role": "RoleName"}),
    ),
    "aws:kms/alias:Alias": (Call("kms", "CreateAlias", rename={"name": "AliasName"}),),
    "aws:kms/key:Key": (
        Call("kms", "CreateKey", leaves=("deletionWindowInDays", "enableKeyRotation")),
        Call("kms", "EnableKeyRotation", reads=("enableKeyRotation",), takes=(), when="enableKeyRotation", adds=lambda inputs: {"KeyId": KEY}),
        Call(
            "kms",
            "ScheduleKeyDeletion",
            takes=("deletionWindowInDays",),
            when="deletionWindowInDays",
            rename={"deletionWindowInDays": "PendingWindowInDays"},
            adds=lambda inputs: {"KeyId": KEY},
        ),
    ),
    "aws:lambda/alias:Alias": (Call("lambda", "CreateAlias"),),
    "aws:lambda/eventSourceMapping:EventSourceMapping": (Call("lambda", "CreateEventSourceMapping"),),
    "aws:lambda/function:Function": (
        Call(
            "lambda",
            "CreateFunction",
            rename={"name": "FunctionName"},
            leaves=("code", "reservedConcurrentExecutions"),
            adds=lambda inputs: {"Code": {"ZipFile": b"zip"}},
        ),
        Call(
            "lambda",
            "PutFunctionConcurrency",
            takes=("name", "reservedConcurrentExecutions"),
            when="reservedConcurrentExecutions",
            rename={"name": "FunctionName"},
        ),
    ),
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": (Call("lambda", "PutFunctionEventInvokeConfig"),),
    "aws:oam/link:Link": (Call("oam", "CreateLink"),),
    "aws:oam/sink:Sink": (Call("oam", "CreateSink"),),
    "aws:oam/sinkPolicy:SinkPolicy": (Call("oam", "PutSinkPolicy"),),
    "aws:organizations/awsServiceAccess:AwsServiceAccess": (Call("organizations", "EnableAWSServiceAccess"),),
    "aws:organizations/policy:Policy": (Call("organizations", "CreatePolicy"),),
    "aws:organizations/policyAttachment:PolicyAttachment": (Call("organizations", "AttachPolicy"),),
    "aws:s3/bucket:Bucket": (Call("s3", "CreateBucket", rename={"tags": "CreateBucketConfiguration.Tags"}),),
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": (
        Call("s3", "PutBucketLifecycleConfiguration", rename={"rules": "LifecycleConfiguration.Rules"}),
    ),
    "aws:s3/bucketPolicy:BucketPolicy": (Call("s3", "PutBucketPolicy"),),
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": (
        Call(
            "s3",
            "PutPublicAccessBlock",
            rename={
                name: f"PublicAccessBlockConfiguration.{name[0].upper()}{name[1:]}"
                for name in ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
            },
        ),
    ),
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": (
        Call("s3", "PutBucketEncryption", rename={"rules": "ServerSideEncryptionConfiguration.Rules"}),
    ),
    "aws:s3/bucketVersioning:BucketVersioning": (Call("s3", "PutBucketVersioning"),),
    "aws:scheduler/schedule:Schedule": (Call("scheduler", "CreateSchedule"),),
    "aws:sns/topic:Topic": (Call("sns", "CreateTopic", rename={"kmsMasterKeyId": "Attributes.KmsMasterKeyId"}),),
    "aws:sns/topicPolicy:TopicPolicy": (
        Call(
            "sns",
            "SetTopicAttributes",
            rename={"arn": "TopicArn", "policy": "AttributeValue"},
            adds=lambda inputs: {"AttributeName": "Policy"},
        ),
    ),
    "aws:sns/topicSubscription:TopicSubscription": (Call("sns", "Subscribe", rename={"topic": "TopicArn"}),),
    "aws:sqs/queue:Queue": (
        Call(
            "sqs",
            "CreateQueue",
            rename={
                **{"name": "QueueName", "messageRetentionSeconds": "Attributes.MessageRetentionPeriod"},
                **{"visibilityTimeoutSeconds": "Attributes.VisibilityTimeout", "redrivePolicy": "Attributes.RedrivePolicy"},
                **{"sqsManagedSseEnabled": "Attributes.SqsManagedSseEnabled", "kmsMasterKeyId": "Attributes.KmsMasterKeyId"},
                "kmsDataKeyReusePeriodSeconds": "Attributes.KmsDataKeyReusePeriodSeconds",
            },
        ),
    ),
    "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": (
        Call("sqs", "SetQueueAttributes", rename={"redriveAllowPolicy": "Attributes.RedriveAllowPolicy"}),
    ),
}

