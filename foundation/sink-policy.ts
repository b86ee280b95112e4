import { policyDocument, type PolicyDocument } from '../layer-kit/policy-document';

/** Who may link to the monitoring sink: every account of the organisation, for the telemetry named and nothing else. */
export function sinkPolicy(options: { readonly organizationId: string; readonly resourceTypes: readonly string[] }): PolicyDocument {
  return policyDocument({
    Sid: 'OrganisationLinks',
    Effect: 'Allow',
    Principal: '*',
    Action: ['oam:CreateLink', 'oam:UpdateLink'],
    Resource: '*',
    Condition: {
      StringEquals: { 'aws:PrincipalOrgID': options.organizationId },
      'ForAllValues:StringEquals': { 'oam:ResourceTypes': options.resourceTypes },
    },
  });
}
