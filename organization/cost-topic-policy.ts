import { policyDocument, type PolicyDocument } from '../layer-kit/policy-document';

/** Who may publish to the cost topic: budgets and anomaly alerts of the payer, on its own behalf only. */
export function costTopicPolicy(options: { readonly topicArn: string; readonly payer: string }): PolicyDocument {
  const publish = (sid: string, service: string) =>
    ({
      Sid: sid,
      Effect: 'Allow',
      Principal: { Service: service },
      Action: 'sns:Publish',
      Resource: options.topicArn,
      Condition: { StringEquals: { 'aws:SourceAccount': options.payer } },
    }) as const;
  return policyDocument(publish('Budgets', 'budgets.amazonaws.com'), publish('Anomalies', 'costalerts.amazonaws.com'));
}
