import { CostExplorerClient, GetCostAndUsageCommand, ListCostAllocationTagsCommand, UpdateCostAllocationTagsStatusCommand } from '@aws-sdk/client-cost-explorer'; // prettier-ignore
import { mockClient } from 'aws-sdk-client-mock';

import { accountIdSchema, regionSchema } from '../../../contracts/ids';
import { awsCostExplorer } from '../../../fleet/cost/aws-cost-explorer';
import { activateTags, costTagKeys, lookAtTags } from '../../../fleet/cost/tag-activation';
import { systemClock } from '../../../fleet/system-clock';

const aws = mockClient(CostExplorerClient);
const { signal } = new AbortController();
const at = (role: string | null) =>
  awsCostExplorer({ payer: accountIdSchema.parse('100000000001'), role, homeRegion: regionSchema.parse('eu-west-1'), clock: systemClock }); // prettier-ignore

beforeEach(() => void aws.reset());

test.each([
  ['fleet/cost', 'role fleet/cost in account 100000000001'],
  [null, 'the credentials of this environment'],
])('a refusal names the call and who made it (role %s)', async (role, who) => {
  aws.on(GetCostAndUsageCommand).rejects(Object.assign(new Error('no'), { name: 'AccessDeniedException', $metadata: { httpStatusCode: 400 } })); // prettier-ignore
  const explorer = at(role);
  const asked = explorer.getCostAndUsage({ TimePeriod: undefined, Granularity: 'DAILY', Metrics: [] }, { signal });
  await expect(asked).rejects.toMatchObject({
    code: 'aws/AccessDeniedException',
    message: `ce:GetCostAndUsage in account 100000000001 failed: no; see that ${who} may call it, and that Cost Explorer is enabled`,
  });
  const client = aws.call(0).thisValue as CostExplorerClient;
  expect(await client.config.region()).toBe('us-east-1');
  await explorer.close();
});

test('tags are listed over pages, the inactive ones activated, and what AWS refuses is told', async () => {
  const tag = (TagKey: string, Status: 'Active' | 'Inactive') => ({ TagKey, Type: 'UserDefined' as const, Status });
  aws
    .on(ListCostAllocationTagsCommand)
    .resolves({ CostAllocationTags: [tag('Team', 'Inactive'), tag('CostCenter', 'Inactive')] })
    .on(ListCostAllocationTagsCommand, { NextToken: undefined })
    .resolves({ CostAllocationTags: [tag('Application', 'Active')], NextToken: 'more' });
  aws
    .on(ListCostAllocationTagsCommand, { NextToken: 'more' })
    .resolves({ CostAllocationTags: [tag('Team', 'Inactive'), tag('CostCenter', 'Inactive')] });
  aws.on(UpdateCostAllocationTagsStatusCommand).resolves({ Errors: [{ TagKey: 'CostCenter', Code: 'Busy', Message: 'later' }] });
  const explorer = at(null);
  const found = await lookAtTags(explorer, costTagKeys, { signal });
  const ended = await activateTags(explorer, found, { signal });

  expect(found.map(({ key, state }) => [key, state])).toEqual([
    ['Environment', 'not-seen'],
    ['Application', 'active'],
    ['Team', 'inactive'],
    ['CostCenter', 'inactive'],
  ]);
  expect(aws.commandCalls(UpdateCostAllocationTagsStatusCommand)[0]?.args[0].input).toEqual({
    CostAllocationTagsStatus: [
      { TagKey: 'Team', Status: 'Active' },
      { TagKey: 'CostCenter', Status: 'Active' },
    ],
  });
  expect(ended.map(({ state, reason }) => [state, reason])).toEqual([
    ['not-seen', null],
    ['active', null],
    ['active', null],
    ['refused', 'Busy: later'],
  ]);
});
