import fc from 'fast-check';

import { rolesTemplate } from '../../../organization/roles-template';
import { accountOf, awsResources, ireland } from '../../layer-kit/render-layer';
import { policiesOf, readTemplate, templateInput } from '../read-template';
import { decideAccess } from './decide-access';
import { requestsOf } from './deploy-requests';
import { renderFleet } from './render-fleet';

/** The deploy role's policies by account, each read once: that takes longer than all questions about it. */
function deployRoles(fleet: string) {
  const template = rolesTemplate({ ...templateInput, fleet, policies: { ...templateInput.policies, fleet } });
  const read = new Map<string, ReturnType<typeof policiesOf>>();
  return (account: string) => {
    const known = read.get(account) ?? policiesOf('DeployRole', readTemplate(template, account));
    read.set(account, known);
    return known;
  };
}

/** What AWS holds to no resource, whoever asks: of these nothing can be told apart. */
const HELD_TO_NOTHING =
  /:(Get|List|Describe)|^cloudwatch:(Link|PutCompositeAlarm)$|^(logs|xray):Link$|^sns:(Unsubscribe|SetSubscriptionAttributes)$|^kms:EnableKeyRotation$|^lambda:(Untag|Tag)Resource$/;

/** What the deploy role of a fleet may do of what the layers of another ask for, by action and resource; reads left out. */
async function trespasses(fleet: string, neighbour: string): Promise<readonly string[]> {
  const found: string[] = [];
  const deployRole = deployRoles(fleet);
  for (const rendering of Object.values(await renderFleet(neighbour)))
    for (const resource of awsResources(rendering)) {
      const account = accountOf(rendering, resource);
      const identity = deployRole(account);
      const role = { account, arn: `arn:aws:iam::${account}:role/fleet/deploy` };
      for (const request of requestsOf(resource, { fleet: neighbour, account, region: ireland })) {
        if (HELD_TO_NOTHING.test(request.action) || request.resource.includes(':sink/') || request.action.startsWith('oam:')) continue;
        if (decideAccess({ identity }, { ...request, role }) === 'allowed') found.push(`${request.action} ${request.resource}`);
      }
    }
  return [...new Set(found)];
}

describe('two fleets in the same accounts', () => {
  test.each([
    ['orders', 'orders-eu'],
    ['orders-eu', 'orders'],
    ['orders', 'orders-order'],
    ['orders', 'orders-archive'],
    ['orders', 'orders-fleet'],
    ['orders', 'orders-target-eu'],
    ['a', 'a-region'],
  ])('%s may change nothing of %s', async (fleet, neighbour) => {
    expect(await trespasses(fleet, neighbour)).toEqual([]);
  });

  test('whatever the neighbour’s name is, when it begins with the fleet’s', async () => {
    const suffix = fc.stringMatching(/^[a-z0-9]{1,4}(-[a-z0-9]{1,3})?$/);

    await fc.assert(
      fc.asyncProperty(suffix, fc.boolean(), async (more, dashed) => {
        expect(await trespasses('ord', `ord${dashed ? '-' : ''}${more}`)).toEqual([]);
      }),
      { numRuns: 5 },
    );
  }, 60_000);
});
