import { FleetRunner } from './fleet-runner';

const bomb = [
  'a0: &a0 [x, x, x, x, x, x, x, x, x]',
  ...Array.from({ length: 9 }, (_, index) => `a${index + 1}: &a${index + 1} [${Array.from({ length: 9 }, () => `*a${index}`).join(', ')}]`),
].join('\n');

describe('bad input', () => {
  const base = new FleetRunner('in process');
  let fleet: FleetRunner;
  beforeAll(async () => {
    await base.run('init', '.', '--sandbox', '--accounts', '2', '--regions', 'eu-west-1,us-east-1');
  });
  afterAll(() => base.remove());
  beforeEach(() => {
    fleet = new FleetRunner('in process').copyFrom(base);
  });
  afterEach(() => fleet.remove());

  test.each([
    ['malformed YAML', 'fleet.yaml', (text: string) => text.replace('regions:', 'regions: ['), /fleet\.yaml:\d+:\d+: malformed YAML/],
    [
      'an unknown key',
      'fleet.yaml',
      (text: string) => text.replace('memoryMb', 'memoryMB'),
      /:\d+:\d+: unknown key memoryMB; did you mean memoryMb\?/,
    ],
    [
      'an account id of 11 digits',
      'fleet.yaml',
      (text: string) => text.replace('"100000000002"', '"10000000002"'),
      /:\d+:\d+: account id "10000000002" is not 12 digits/,
    ],
    [
      'an unquoted account id',
      'fleet.yaml',
      (text: string) => text.replace('"100000000002"', '100000000002'),
      /:\d+:\d+: account id 100000000002 must be quoted/,
    ],
    [
      'an unquoted account id with a leading zero',
      'organization.yaml',
      (text: string) => text.replace('"200000000002"', '012345678901'),
      /organization\.yaml:\d+:\d+: account id 012345678901 must be quoted/,
    ],
    ['an unknown region', 'fleet.yaml', (text: string) => text.replace('- us-east-1', '- us-east-9'), /:\d+:\d+: region "us-east-9"/],
    [
      'a duplicate account',
      'organization.yaml',
      (text: string) => text.replace('"200000000002"', '"200000000001"'),
      /organization\.yaml:\d+:\d+: id 200000000001 is already used/,
    ],
    [
      'a percentage out of range',
      'fleet.yaml',
      (text: string) => text.replace('percent: 10', 'percent: 110'),
      /:\d+:\d+: pick percent 110 must be 0 to 100/,
    ],
    ['a duration without unit', 'fleet.yaml', (text: string) => text.replace('timeout: 30s', 'timeout: 30x'), /:\d+:\d+: duration "30x"/],
    [
      'a duration out of range',
      'fleet.yaml',
      (text: string) => text.replace('timeout: 30s', 'timeout: 16m'),
      /:\d+:\d+: duration 16m is out of range/,
    ],
    [
      'a timeout that one override sets over a visibility timeout of the block',
      'fleet.yaml',
      (text: string) =>
        `${text.replace('timeout: 30s', 'timeout: 30s\n  visibilityTimeout: 3m')}overrides:\n  - match: { region: us-east-1 }\n    order: { timeout: 4m }\n`,
      /^user\/invalid-target: .*fleet\.yaml:53:23: order\.visibilityTimeout 3m is less than order\.timeout 4m, which AWS refuses: .*\) in us-east-1 and 1 more$/,
    ],
    [
      'an order that expires before it is a dead letter',
      'fleet.yaml',
      (text: string) => text.replace('timeout: 30s', 'timeout: 30s\n  visibilityTimeout: 12h\n  maxReceiveCount: 8'),
      /fleet\.yaml:32:20: order\.maxReceiveCount 8 x order\.visibilityTimeout 12h is 4d, but the queue keeps an order 4d/,
    ],
    [
      'a fleet name that is too long for a bucket',
      'fleet.yaml',
      (text: string) => text.replace('name: orders', 'name: orders-of-the-whole-company'),
      /fleet\.yaml:2:7: fleet name "orders-of-the-whole-company" must be at most 20 characters/,
    ],
    [
      'a shared account outside the organisation',
      'fleet.yaml',
      (text: string) => text.replace('100000000002', '999999999999'),
      /accounts\.shared is 999999999999, which is no account of the organisation/,
    ],
    [
      'a second glob of units that matches none',
      'fleet.yaml',
      (text: string) => text.replace('    - Workloads/**', '    - Workloads/**\n    - Wrokloads/Dev'),
      /^user\/places: .*fleet\.yaml:21:7: workloads\.units: glob Wrokloads\/Dev matches no unit that has accounts: correct or remove it$/,
    ],
    [
      'an excluded unit that is none',
      'fleet.yaml',
      (text: string) => text.replace('    - Workloads/**', '    - Workloads/**\n  exclude: { units: [Workloads/Prd] }'),
      /fleet\.yaml:21:22: workloads\.exclude\.units: glob Workloads\/Prd matches no unit that has accounts; did you mean Workloads\/Prod\?/,
    ],
    [
      'an override for a region that the fleet has not',
      'fleet.yaml',
      (text: string) => `${text}overrides:\n  - match: { region: us-east-2 }\n    order: { memoryMb: 512 }\n`,
      /fleet\.yaml:51:22: overrides\.match\.region: region us-east-2 is none of this fleet's; did you mean us-east-1\?/,
    ],
    [
      'an override for an account that is none',
      'fleet.yaml',
      (text: string) => `${text}overrides:\n  - match: { account: "200000000020" }\n    order: { memoryMb: 512 }\n`,
      /fleet\.yaml:51:23: overrides\.match\.account: account 200000000020 is no account of organisation o-sandbox0001; did you mean 200000000001\?/,
    ],
    ['a prototype key', 'fleet.yaml', (text: string) => `${text}__proto__:\n  polluted: true\n`, /:\d+:\d+: key __proto__ is not allowed/],
    ['an alias bomb', 'fleet.yaml', (text: string) => `${text}${bomb}\n`, /:\d+:\d+: aliases expand to more than/],
    [
      'a fault on a type nobody knows',
      'organization.yaml',
      (text: string) => `${text}faults: [{ target: "**", kind: create-fails, on: "aws:sqs/queue:Qeue" }]\n`,
      /faults\[0\]\.on aws:sqs\/queue:Qeue is no resource type.*did you mean aws:sqs\/queue:Queue\?/,
    ],
    [
      'a wave that picks no target of the fleet',
      'fleet.yaml',
      (text: string) => text.replace('      percent: 10', '      region: ap-southeast-2'),
      /fleet\.yaml:\d+:\d+: wave early picks by region ap-southeast-2, which matches no target of the fleet/,
    ],
    [
      'a bake too short for a fault to show, in a recorded organisation',
      'fleet.yaml',
      (text: string) => text.replace('source: sandbox', 'source: recorded').replace('engine: sandbox', 'engine: pulumi'),
      /fleet\.yaml:\d+:\d+: wave canary bakes 2s, but a fault takes up to 15m to show and 10m to raise an alarm: bake 25m or longer/,
    ],
    [
      'no window at all',
      'fleet.yaml',
      (text: string) => `${text}windows:\n  allow: []\n`,
      /:\d+:\d+: windows\.allow is empty, so that nothing could ever start/,
    ],
    [
      'a window that never opens',
      'fleet.yaml',
      (text: string) => `${text}windows:\n  allow: [mon 08:00-08:00]\n`,
      /:\d+:\d+: window "mon 08:00-08:00" ends when it starts: it would never open/,
    ],
  ])('%s in %s is one line with its place, exit 2, and nothing is touched', async (_name, file, change, expected) => {
    fleet.edit(file, change);
    const before = fleet.contents();

    const { exitCode, err } = await fleet.run('rollout', '--yes');

    expect(exitCode).toBe(2);
    expect(err).toContainEqual(expect.stringMatching(expected));
    expect(err.every((line) => !line.includes('\n'))).toBe(true);
    expect(fleet.contents()).toEqual(before);
  });

  test.each([
    [['plam'], "unknown command 'plam'; did you mean plan?"],
    [['plan', '--acount', '1'], "unknown option '--acount'; did you mean --account?"],
    [['plan', '--account', '12'], 'account id "12" is not 12 digits'],
    [['plan', '--layer', 'regionl'], 'is no layer; did you mean regional?'],
    [['plan', '--account', '999999999999'], 'no target matches --account 999999999999'],
    [['rollout', 'gone.json', '--yes'], 'cannot be read'],
    [['show', 'regional/200000000001/eu-west-1'], 'is not deployed'],
    ...['status', 'report', 'resume', 'approve', 'pause', 'abort', 'rollback'].map((verb): [string[], string] => [
      [verb],
      'there is no rollout yet',
    ]),
    [['rollout', '--preset', 'carefull', '--yes'], '--preset carefull is none of dev, careful, emergency'],
    [['rollout', '--wait', '10', '--yes'], '--wait: duration "10"'],
    [['drift'], 'no deployed target matches'],
    [['destroy', '--yes'], '--yes does not confirm a destroy'],
    [['plan', '--release', 'abcdef12'], 'is not stored'],
  ])('%j is refused: %s', async (argv, expected) => {
    const before = fleet.contents();

    const { exitCode, err } = await fleet.run(...argv);

    expect(exitCode).toBe(2);
    expect(err.join('\n')).toContain(expected);
    expect(fleet.contents()).toEqual(before);
  });

  test('with --json the error is a message, and the last line is still a result', async () => {
    fleet.edit('fleet.yaml', (text) => text.replace('memoryMb', 'memoryMB'));

    const { exitCode, out, result } = await fleet.run('plan', '--json');

    expect(exitCode).toBe(2);
    expect(JSON.parse(out[0] ?? '')).toMatchObject({ level: 'error', code: 'user/fleet-file' });
    expect(result).toMatchObject({ error: { code: 'user/fleet-file' } });
  });
});
