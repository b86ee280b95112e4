import { sinkPolicy } from '../../../foundation/sink-policy';
import { oamResourceTypes } from '../../../layer-kit/oam-resource-types';
import { accountOf, awsResources, ireland } from '../../layer-kit/render-layer';
import { rolesTemplate } from '../../../organization/roles-template';
import { parsed, policiesOf, readTemplate, templateInput } from '../read-template';
import { decideAccess } from './decide-access';
import { requestsOf } from './deploy-requests';
import { renderFleet } from './render-fleet';

const ORGANIZATION = 'o-abcdefghij';
const ofSink = parsed(sinkPolicy({ organizationId: ORGANIZATION, resourceTypes: oamResourceTypes }), 'resource');

/** What is refused of all that a fleet's layers ask for, each through the deploy role of the account it stands in. */
async function refusedOf(fleet: string) {
  const template = rolesTemplate({ ...templateInput, fleet, policies: { ...templateInput.policies, fleet } });
  const renderings = Object.entries(await renderFleet(fleet));
  const asked = renderings.flatMap(([layer, rendering]) =>
    awsResources(rendering).flatMap((resource) => {
      const account = accountOf(rendering, resource);
      return requestsOf(resource, { fleet, account, region: ireland }).map((request) => ({ layer, account, request }));
    }),
  );
  const accounts = new Set(asked.map(({ account }) => account));
  const identity = new Map([...accounts].map((account) => [account, policiesOf('DeployRole', readTemplate(template, account))]));
  const decided = asked.map(({ layer, account, request }) => {
    const policies = { identity: identity.get(account) ?? [], ...(request.resource.includes(':sink/') && { resource: ofSink }) };
    const asks = { ...request, role: { account, arn: `arn:aws:iam::${account}:role/fleet/deploy` } };
    return { layer, request, says: decideAccess(policies, { ...asks, context: { ...asks.context, 'aws:PrincipalOrgID': ORGANIZATION } }) };
  });
  return { asked: asked.length, refused: decided.filter(({ says }) => says !== 'allowed') };
}

test.each(['orders', 'a'.repeat(20), 'orders-eu'])(
  'the deploy role of %s may do all that its layers need, in each account',
  async (fleet) => {
    const { asked, refused } = await refusedOf(fleet);

    expect(asked).toBeGreaterThan(500);
    expect(refused).toEqual([]);
  },
);
