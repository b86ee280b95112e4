import { workload } from '../../layer-kit/render-layer';
import { policiesOf } from '../read-template';
import { decideAccess } from './decide-access';

/** What decides whose a key is: its tag of the fleet, and its aliases. */
interface Key {
  readonly tag: string | null;
  readonly aliases: readonly string[];
}

const FLEET_ALIASES = ['alias/orders-data', 'alias/orders-alerts'] as const;
const identity = policiesOf('DeployRole');
const role = { account: workload, arn: `arn:aws:iam::${workload}:role/fleet/deploy` };
const foreign = `arn:aws:kms:eu-west-1:${workload}:key/99999999-8888-7777-6666-555555555555`;
const own = `arn:aws:kms:eu-west-1:${workload}:key/11111111-2222-3333-4444-555555555555`;

function may(action: string, resource: string, context: Readonly<Record<string, string | readonly string[]>>): boolean {
  return decideAccess({ identity }, { action, resource, role, context: { 'aws:RequestedRegion': 'eu-west-1', ...context } }) === 'allowed';
}

const carried = ({ tag, aliases }: Key) => ({
  ...(tag === null ? {} : { 'aws:ResourceTag/Fleet': tag }),
  'aws:ResourceTag/ManagedBy': 'Pulumi',
  'kms:ResourceAliases': aliases,
});

/** Every state that one call of the role brings a foreign key into. The fleet's own key has its alias, as one to move. */
function next(key: Key): readonly Key[] {
  const has = carried(key);
  const ownKey = carried({ tag: 'orders', aliases: ['alias/orders-data'] });
  const states: Key[] = [];
  for (const tag of ['orders', 'orders-eu'])
    if (may('kms:TagResource', foreign, { ...has, 'aws:RequestTag/Fleet': tag, 'aws:TagKeys': ['Fleet'] })) states.push({ ...key, tag });
  if (may('kms:UntagResource', foreign, { ...has, 'aws:TagKeys': ['Fleet'] })) states.push({ ...key, tag: null });
  for (const alias of [...FLEET_ALIASES, ...key.aliases]) {
    const named = `arn:aws:kms:eu-west-1:${workload}:${alias}`;
    const asked = { 'kms:RequestAlias': alias };
    // AWS asks for the alias, and for each key that it leaves and reaches.
    if (may('kms:CreateAlias', named, {}) && may('kms:CreateAlias', foreign, { ...has, ...asked }))
      states.push({ ...key, aliases: [...new Set([...key.aliases, alias])] });
    if (['CreateAlias', 'UpdateAlias'].some((move) => may(`kms:${move}`, named, {}) && may(`kms:${move}`, own, { ...ownKey, ...asked }) && may(`kms:${move}`, foreign, { ...has, ...asked })))
      states.push({ ...key, aliases: [...new Set([...key.aliases, alias])] }); // prettier-ignore
    if (may('kms:DeleteAlias', named, {}) && may('kms:DeleteAlias', foreign, { ...has, ...asked }))
      states.push({ ...key, aliases: key.aliases.filter((one) => one !== alias) });
  }
  return states;
}

function reachable(from: Key): readonly Key[] {
  const seen = new Map([[JSON.stringify(from), from]]);
  for (const key of seen.values()) for (const state of next(key)) seen.set(JSON.stringify(state), state);
  return [...seen.values()];
}

const TAKEN = ['PutKeyPolicy', 'CreateGrant', 'ScheduleKeyDeletion', 'DisableKey', 'Decrypt', 'Encrypt', 'GenerateDataKey'] as const;

describe('a key that is not the fleet’s', () => {
  test.each<[string, Key]>([
    ['named and tagged by others', { tag: null, aliases: ['alias/payroll'] }],
    ['without any name', { tag: null, aliases: [] }],
    ['of another fleet', { tag: 'orders-eu', aliases: ['alias/orders-eu-data'] }],
    ['of another fleet, before it has its alias', { tag: 'orders-eu', aliases: [] }],
  ])('%s: no row of calls, in whatever order, gives it to the deploy role', (_name, key) => {
    const states = reachable(key);
    const taken = states.flatMap((state) =>
      TAKEN.filter((action) => may(`kms:${action}`, foreign, { ...carried(state), 'kms:GrantIsForAWSResource': 'true' })),
    );

    expect(states).toEqual([key]);
    expect(taken).toEqual([]);
  });
});

test('the fleet’s own key can be tagged, named and given up in the order that a deployment does it', () => {
  const made = { tag: 'orders', aliases: [] };

  expect(next(made)).toContainEqual({ tag: 'orders', aliases: ['alias/orders-data'] });
  // One that stood before there was the tag gets it through its alias.
  expect(next({ tag: null, aliases: ['alias/orders-data'] })).toContainEqual({ tag: 'orders', aliases: ['alias/orders-data'] });
  expect(may('kms:ScheduleKeyDeletion', foreign, carried(made))).toBe(true);
});
