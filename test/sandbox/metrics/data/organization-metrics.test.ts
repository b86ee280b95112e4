import { accountIdSchema, regionSchema, type AccountId } from '../../../../contracts/ids';
import { OrganizationMetrics } from '../../../../sandbox/metrics/data/organization-metrics';
import type { World } from '../../../../sandbox/world';

const account = (number: number) => accountIdSchema.parse(String(200_000_000_000 + number));
const ireland = regionSchema.parse('eu-west-1');
const virginia = regionSchema.parse('us-east-1');
const [monitoring, first, second, third] = [account(0), account(1), account(2), account(3)];
const all = [monitoring, first, second, third];

/** A world that has nothing but links to sinks of other accounts; it counts how often it is asked for them. */
function linkedWorld(links: readonly (readonly [from: AccountId, to: AccountId])[]) {
  const asked: string[] = [];
  const list: World['list'] = (type, { account: from, region }) => {
    asked.push(`${type} ${from} ${region}`);
    if (region !== ireland) return [];
    return links
      .filter(([own]) => own === from)
      .map(([, to]) => ({ outputs: { sinkArn: `arn:aws:oam:${region}:${to}:sink/1` } }) as unknown as ReturnType<World['list']>[number]);
  };
  const options = { world: { list } as World, organizationId: 'o-abcdefghij', accounts: all };
  return { metrics: new OrganizationMetrics(options as unknown as ConstructorParameters<typeof OrganizationMetrics>[0]), asked };
}

describe('the metrics of an organisation', () => {
  test('are seen by their own account, and by those whose sink it is linked to', () => {
    const { metrics } = linkedWorld([
      [first, monitoring],
      [third, monitoring],
      [third, second],
    ]);

    expect(metrics.visibleFrom(monitoring, ireland)).toEqual([monitoring, first, third]);
    expect(metrics.visibleFrom(second, ireland)).toEqual([second, third]);
    expect(metrics.visibleFrom(first, ireland)).toEqual([first]);
    expect(metrics.visibleFrom(monitoring, virginia)).toEqual([monitoring]);
  });

  test('walk the organisation once a region, however many accounts look', () => {
    const { metrics, asked } = linkedWorld([[first, monitoring]]);
    for (const looking of [...all, ...all]) metrics.visibleFrom(looking, ireland);

    expect(asked).toHaveLength(all.length);
  });
});
