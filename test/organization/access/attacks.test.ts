import { workload } from '../../layer-kit/render-layer';
import { policiesOf, readTemplate } from '../read-template';
import { attacks } from './attacks';
import { choices, waysThrough } from './attempt';
import type { Policies } from './decide-access';

/** An organisation's policies that limit nothing: what holds is the fleet's own. */
const policiesIn = new Map<string, Policies>();

function policiesAt(account: string): Policies {
  const known = policiesIn.get(account) ?? { identity: policiesOf('DeployRole', readTemplate(undefined, account)) };
  policiesIn.set(account, known);
  return known;
}

describe('from the deploy role, whatever keys the attacker sets', () => {
  test.each(attacks.map((attack) => [attack.name, attack] as const))('%s: refused', (_name, { from, ways }) => {
    const role = { account: from, arn: `arn:aws:iam::${from}:role/fleet/deploy` };
    const through = ways.flatMap((way) =>
      waysThrough(policiesAt(from), way, role).map(
        (chosen) => `${way.action} on ${way.resource} ${JSON.stringify({ ...chosen, ...way.victim })}`,
      ),
    );

    expect(ways.length).toBeGreaterThan(0);
    expect(through).toEqual([]);
  });

  test('each attack has a name of its own, and there are more than thirty', () => {
    expect(new Set(attacks.map(({ name }) => name)).size).toBe(attacks.length);
    expect(attacks.length).toBeGreaterThan(30);
  });

  test('every choice of what can be set is tried, leaving it out among them', () => {
    expect(choices({ a: ['1', '2'], b: [['x']] })).toEqual([
      {},
      { b: ['x'] },
      { a: '1' },
      { a: '1', b: ['x'] },
      { a: '2' },
      { a: '2', b: ['x'] },
    ]);
  });

  test('an attack that is let through is seen', () => {
    const role = { account: workload, arn: `arn:aws:iam::${workload}:role/fleet/deploy` };
    const open = { action: 'kms:CreateKey', resource: '*', victim: { 'aws:RequestedRegion': 'eu-west-1' } };

    expect(waysThrough(policiesAt(workload), { ...open, settable: { 'aws:RequestTag/Fleet': ['orders', 'x'] } }, role)).toEqual([
      { 'aws:RequestTag/Fleet': 'orders' },
    ]);
  });
});
