import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as z from 'zod';

import { layers, type Layer } from '../../../contracts/layers';
import { positionOf } from '../../../fleet/config/file-positions';
import { loadFleetConfig, parseFleetConfig } from '../../../fleet/config/load-config';
import { withPreset } from '../../../fleet/config/resolve-config';

import { problemsOf } from './problems-of';

const MINIMAL = `name: orders
organization: { source: aws }
accounts: { shared: "111111111111", monitoring: "222222222222" }
regions: [eu-west-1, us-east-1]
`;

/** The example of the design, in full. */
const FULL = `name: orders
homeRegion: us-east-1
organization: { source: aws }
engine: pulumi
state: s3://acme-fleet-state/orders
backend: s3://acme-pulumi-state
secretsProvider: awskms://alias/acme-fleet
accounts: { shared: "111111111111", monitoring: "222222222222" }
deployRole: fleet/deploy
regions: [eu-west-1, us-east-1, ap-southeast-2]
tags: { Application: orders, Team: commerce, CostCenter: cc-100, Environment: prod }
workloads: { units: ["Workloads/**"], exclude: { accounts: ["333333333333"], units: ["Workloads/Frozen"] } }
order: { memoryMb: 1024, timeout: 30s, logRetentionDays: 30, encryption: default, tracing: active, dashboard: perTarget, alarms: { errorRatePercent: 1 } }
overrides: [{ match: { unit: "Workloads/Dev/**" }, order: { memoryMb: 512 }, tags: { Environment: dev } }]
alerts: { sourceAccounts: organisation, critical: [{ https: "https://example.com/x" }], warning: [{ email: "a@example.com" }] }
monitoring: { sinks: {} }
waves:
  - { name: canary, pick: { count: 1 }, bake: 45m, minOrders: 100, failureTolerance: 0 }
  - { name: early, pick: { percent: "10%" }, bake: 2h, maxConcurrent: "25%" }
  - { name: rest, approval: required, spread: false }
limits: { maxConcurrent: 20, perAccount: 2, failureTolerance: "10%", mode: soft, targetTimeout: 45m }
rollback: rollout
traffic: { canaryPercent: 20, watch: 10m, in: [canary, early] }
windows: { timezone: Europe/Paris, allow: ["mon-thu 08:00-16:00", "sat 22:00-24:00", "sun-mon 00:00-06:30"] }
`;

const parse = (text: string, table?: readonly Layer[]) =>
  parseFleetConfig(text, { path: '/fleet/fleet.yaml', ...(table ? { layers: table } : {}) });
const refused = (text: string) => problemsOf(() => parse(text)).problems;

describe('loadFleetConfig', () => {
  test('resolves paths against the file, not against where it is run', () => {
    const folder = mkdtempSync(join(tmpdir(), 'load-config-'));
    try {
      writeFileSync(join(folder, 'fleet.yaml'), MINIMAL.replace('{ source: aws }', '{ source: recorded, path: sub/organization.yaml }'));

      const config = loadFleetConfig(join(folder, 'fleet.yaml'));

      expect(config.file).toBe(join(folder, 'fleet.yaml'));
      expect(config.organization).toEqual({ source: 'recorded', path: join(folder, 'sub/organization.yaml') });
      expect(config.state).toEqual({ kind: 'folder', path: join(folder, '.fleet') });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('parseFleetConfig', () => {
  test('defaults everything that a minimal file leaves out', () => {
    const config = parse(MINIMAL);

    expect(config).toMatchObject({
      homeRegion: 'eu-west-1',
      engine: { kind: 'pulumi', backend: 'file:///fleet/.fleet/pulumi', secretsProvider: 'passphrase' },
      deployRole: 'fleet/orders/orders-deploy',
      tags: {},
      workloads: { units: ['Workloads/**'], exclude: { accounts: [], units: [] } },
      blocks: {},
      overrides: [],
      limits: {
        maxConcurrent: { kind: 'count', value: 20 },
        perAccount: 2,
        perRegion: null,
        failureTolerance: { kind: 'percent', value: 10 },
        mode: 'strict',
        targetTimeoutSeconds: 1800,
      },
      rollback: 'wave',
      traffic: null,
      windows: null,
    });
    expect(config.waves.map((wave) => [wave.name, wave.bakeSeconds, wave.approval])).toEqual([
      ['canary', 3600, false],
      ['early', 43_200, false],
      ['rest', 7200, true],
    ]);
    expect(config.waves.map((wave) => [wave.minOrders, wave.countSynthetic, wave.shortBake])).toEqual([
      [100, false, false],
      [1, false, false],
      [1, false, false],
    ]);
  });

  test('resolves every key: durations to seconds, amounts to kinds, blocks parsed', () => {
    const config = parse(FULL);

    expect(config.homeRegion).toBe('us-east-1');
    expect(config.state).toEqual({ kind: 's3', bucket: 'acme-fleet-state', prefix: 'orders' });
    expect(config.engine).toEqual({ kind: 'pulumi', backend: 's3://acme-pulumi-state', secretsProvider: 'awskms://alias/acme-fleet' });
    expect(config.blocks).toEqual({
      order: {
        memoryMb: 1024,
        timeout: 30,
        logRetentionDays: 30,
        encryption: 'default',
        tracing: 'active',
        dashboard: 'perTarget',
        alarms: { errorRatePercent: 1 },
      },
      alerts: { sourceAccounts: 'organisation', critical: [{ https: 'https://example.com/x' }], warning: [{ email: 'a@example.com' }] },
      monitoring: { sinks: {} },
    });
    expect(config.overrides).toEqual([
      { match: { unit: 'Workloads/Dev/**' }, tags: { Environment: 'dev' }, blocks: { order: { memoryMb: 512 } } },
    ]);
    expect(config.limits).toMatchObject({ mode: 'soft', targetTimeoutSeconds: 2700 });
    expect(config.waves).toEqual([
      expect.objectContaining({
        name: 'canary',
        pick: { amount: { kind: 'count', value: 1 }, filter: {} },
        bakeSeconds: 2700,
        minOrders: 100,
        spread: true,
      }),
      expect.objectContaining({
        name: 'early',
        pick: { amount: { kind: 'percent', value: 10 }, filter: {} },
        bakeSeconds: 7200,
        minOrders: 1,
      }),
      expect.objectContaining({ name: 'rest', pick: null, bakeSeconds: 0, approval: true, spread: false }),
    ]);
    expect(config.waves.map((wave) => wave.limits)).toEqual([
      { ...config.limits, failureTolerance: { kind: 'count', value: 0 } },
      { ...config.limits, maxConcurrent: { kind: 'percent', value: 25 } },
      config.limits,
    ]);
    expect(config.traffic).toEqual({ canaryPercent: 20, watchSeconds: 600, waves: ['canary', 'early'] });
    expect(config.windows).toEqual({
      timezone: 'Europe/Paris',
      allow: [
        { days: [1, 2, 3, 4], fromMinute: 480, toMinute: 960 },
        { days: [6], fromMinute: 1320, toMinute: 1440 },
        { days: [1, 7], fromMinute: 0, toMinute: 390 },
      ],
    });
  });

  test('gives a sandbox organisation the simulated engine unless told otherwise', () => {
    const sandbox = MINIMAL.replace('{ source: aws }', '{ source: sandbox, path: organization.yaml }');

    expect(parse(sandbox).engine).toEqual({ kind: 'sandbox' });
    expect(parse(`${sandbox}engine: pulumi\n`).engine.kind).toBe('pulumi');
    expect(parse(MINIMAL).engine.kind).toBe('pulumi');
  });

  test.each([
    ['state: s3://bucket', { kind: 's3', bucket: 'bucket', prefix: '' }],
    ['state: s3://bucket//a/b/', { kind: 's3', bucket: 'bucket', prefix: 'a/b' }],
    ['state: ../elsewhere', { kind: 'folder', path: '/elsewhere' }],
    ['state: /var/fleet', { kind: 'folder', path: '/var/fleet' }],
  ])('reads %s', (line, state) => {
    expect(parse(`${MINIMAL}backend: file://pulumi\n${line}\n`).state).toEqual(state);
  });

  test.each([
    ['file://./pulumi', 'file:///fleet/pulumi'],
    ['file:///var/pulumi', 'file:///var/pulumi'],
    ['pulumi', 'file:///fleet/pulumi'],
  ])('makes backend %s absolute', (backend, url) => {
    expect(parse(`${MINIMAL}backend: ${backend}\n`).engine).toMatchObject({ backend: url, secretsProvider: 'passphrase' });
  });

  test('takes the waves of a preset, and an emergency does not wait for a window', () => {
    const windows = 'windows: { allow: ["mon 08:00-09:00"] }\n';

    expect(parse(`${MINIMAL}preset: dev\n`).waves).toEqual([
      expect.objectContaining({ name: 'all', pick: null, bakeSeconds: 0, shortBake: true }),
    ]);
    expect(parse(`${MINIMAL}preset: emergency\n`).waves).toEqual([
      expect.objectContaining({ name: 'canary', bakeSeconds: 300, minOrders: 1, shortBake: true, approval: false }),
      expect.objectContaining({ name: 'rest', pick: null, bakeSeconds: 0, shortBake: true, approval: false }),
    ]);
    expect(parse(`${MINIMAL}${windows}preset: careful\n`).windows).not.toBeNull();
    expect(parse(`${MINIMAL}${windows}preset: emergency\n`).windows).toBeNull();
  });

  test.each([
    ['{ count: 2, unit: "Workloads/Dev/**" }', { amount: { kind: 'count', value: 2 }, filter: { unit: 'Workloads/Dev/**' } }],
    ['{ percent: 10, environment: dev }', { amount: { kind: 'percent', value: 10 }, filter: { environment: 'dev' } }],
    [
      '{ region: us-east-1, account: "333333333333", tag: "Team=a=b" }',
      { amount: null, filter: { region: 'us-east-1', account: '333333333333', tag: { key: 'Team', value: 'a=b' } } },
    ],
  ])('reads what a wave picks: %s', (pick, expected) => {
    const { waves } = parse(
      `${MINIMAL}waves:\n  - { name: some, pick: ${pick}, minOrders: 0, countSynthetic: true }\n  - { name: rest }\n`,
    );

    expect(waves[0]).toMatchObject({ pick: expected, minOrders: 0, countSynthetic: true });
    expect(waves[1]).toMatchObject({ pick: null, minOrders: 1, countSynthetic: false });
  });

  test('knows where everything stands, as data', () => {
    const { positions } = parse(`${MINIMAL}waves:\n  - name: some\n    pick: { count: 1 }\n    bake: 5m\n  - name: rest\n`);
    const at = (...path: (string | number)[]) => {
      const found = positionOf(positions, path);
      return found && `${found.file}:${found.line}:${found.column}`;
    };

    expect(at('waves', 0, 'bake')).toBe('/fleet/fleet.yaml:8:11');
    expect(at('waves', 0, 'pick', 'count')).toBe('/fleet/fleet.yaml:7:20');
    expect(at('waves', 1, 'bake')).toBe('/fleet/fleet.yaml:9:5');
    expect(at('traffic', 'watch')).toBeUndefined();
    expect(positions).toEqual(JSON.parse(JSON.stringify(positions)));
  });

  test('gives every layer its blocks, also one that nobody knew when this was written', () => {
    const [first] = layers;
    if (!first) throw new Error('there are no layers');
    const fourth: Layer = { ...first, name: 'search', blocks: { search: z.strictObject({ shards: z.number() }) } };

    const config = parse(`${MINIMAL}search: { shards: 3 }\noverrides: [{ match: { region: us-east-1 }, search: { shards: 5 } }]\n`, [
      ...layers,
      fourth,
    ]);

    expect(config.blocks).toEqual({ search: { shards: 3 } });
    expect(config.overrides[0]?.blocks).toEqual({ search: { shards: 5 } });
    expect(refused(`${MINIMAL}search: { shards: 3 }\n`)).toEqual([expect.stringContaining('5:1: unknown key search')]);
    expect(problemsOf(() => parse(MINIMAL, [{ ...fourth, blocks: { waves: z.string() } }])).code).toBe('fleet/layer-table');
  });
});

describe('withPreset', () => {
  test('replaces the waves and keeps what of the traffic shift still has a wave', () => {
    const config = parse(FULL);

    expect(withPreset(config, 'emergency').waves.map((wave) => wave.name)).toEqual(['canary', 'rest']);
    expect(withPreset(config, 'emergency').traffic?.waves).toEqual(['canary']);
    expect(withPreset(config, 'emergency').windows).toBeNull();
    expect(withPreset(config, 'dev').traffic).toBeNull();
    expect(withPreset(config, 'dev').waves[0]?.limits).toEqual(config.limits);
    expect(positionOf(withPreset(config, 'dev').positions, ['waves', 0, 'bake'])).toBeUndefined();
    expect(positionOf(withPreset(config, 'dev').positions, ['traffic', 'watch'])).toEqual(
      positionOf(config.positions, ['traffic', 'watch']),
    );
  });
});

describe('a wrong fleet.yaml', () => {
  // Line 5 is the first after the minimal file.
  test.each([
    ['homeRegion: eu-west-2', '5:13: homeRegion eu-west-2 is not in regions: add it there, or choose one of eu-west-1, us-east-1'],
    ['homeRegion: mars-1', '5:13: region "mars-1" is not an AWS region this fleet knows'],
    [
      'engine: sandbox',
      '5:9: engine sandbox does not go with organization.source aws: only a sandbox organisation may meet the simulated provider',
    ],
    ['engine: terraform', '5:9: engine "terraform" is not one of pulumi, sandbox'],
    ['state: gs://bucket', '5:8: state "gs://bucket" must be s3://bucket/prefix or a folder'],
    ['backend: https://app.pulumi.com', '5:10: backend "https://app.pulumi.com" must be s3://bucket/prefix, file://folder or a folder'],
    ['state: s3://bucket', '1:1: backend is missing: with state on s3:// say where Pulumi keeps its checkpoints, such as s3://bucket'],
    ['backend: s3://bucket', '1:1: secretsProvider is missing: a backend on s3:// needs awskms://<key>, or passphrase'],
    ['secretsProvider: vault', '5:18: secretsProvider "vault" must be passphrase or awskms://<key>'],
    [
      'deployRole: arn:aws:iam::1:role/x',
      '5:13: role "arn:aws:iam::1:role/x" must be a role path and name such as fleet/deploy, not an ARN',
    ],
    ['tags: { CreatedAt: now }', '5:20: tag CreatedAt is set by the fleet itself: remove it'],
    ['tags: { Team: a, team: b }', '5:24: tag keys Team and team differ only by case'],
    ['tags: { CostCenter: 100 }', '5:21: tag value must be text, not 100: quote numbers and true/false'],
    [
      'workloads: { exclude: { accounts: [012345678901] } }',
      '5:36: account id 012345678901 must be quoted: YAML reads it as a number; write "012345678901"',
    ],
    ['order: { memoryMB: 512 }', '5:10: unknown key memoryMB; did you mean memoryMb?'],
    ['order: { timeout: 20m }', '5:19: duration 20m is out of range: 1s to 15m'],
    ['overrides: [{ match: { region: eu-west-1 }, order: { memoryMB: 1 } }]', '5:54: unknown key memoryMB; did you mean memoryMb?'],
    ['overrides: [{ order: {} }]', '5:13: overrides[0].match is missing'],
    ['waves: []', '5:8: waves must have at least one wave'],
    [
      'waves: [{ name: a, pick: { count: 1 } }]',
      '5:26: the last wave, a, has a pick, so the rest would never be rolled out: remove it, or add a wave without pick',
    ],
    [
      'waves: [{ name: a }, { name: b }]',
      '5:9: wave a has no pick: it would take the rest and leave nothing for the waves after it; only the last wave may have none',
    ],
    ['waves: [{ name: a, pick: { count: 1 } }, { name: a }]', '5:50: wave a is there twice: give each its own name'],
    ['waves: [{ name: regional }]', '5:17: wave name regional is the name of a layer: choose another'],
    ['waves: [{ name: a, pick: { count: 0 } }, { name: b }]', '5:35: pick count must be a whole number, at least 1, not 0'],
    ['waves: [{ name: a, pick: { percent: 100 } }, { name: b }]', '5:37: pick percent must be more than 0 and less than 100, not 100'],
    ['waves: [{ name: a, pick: { percent: 0 } }, { name: b }]', '5:37: pick percent must be more than 0 and less than 100, not 0'],
    ['waves: [{ name: a, pick: { count: 1, percent: 1 } }, { name: b }]', '5:26: pick must not have both count and percent: remove one'],
    [
      'waves: [{ name: a, pick: {} }, { name: b }]',
      '5:26: pick must have at least one of count, percent, unit, region, account, environment and tag',
    ],
    ['waves: [{ name: a, pick: { tag: Team } }, { name: b }]', '5:33: tag "Team" must be a key and its value such as "Team=commerce"'],
    [
      'waves: [{ name: a, pick: { environment: qa } }, { name: b }]',
      '5:41: waves[0].pick.environment "qa" is not one of dev, staging, prod',
    ],
    ['waves: [{ name: a, minOrders: -1 }]', '5:31: waves[0].minOrders must be at least 0, not -1'],
    ['waves: [{ name: a, maxConcurrent: 0 }]', '5:35: maxConcurrent must be a whole number from 1, or a percentage such as "10%", not 0'],
    ['limits: { perAccount: 0 }', '5:23: perAccount must be a whole number, at least 1, not 0'],
    [
      'limits: { failureTolerance: "101%" }',
      '5:29: failureTolerance must be a whole number from 0, or a percentage such as "10%" up to "100%", not "101%"',
    ],
    [
      'limits: { failureTolerance: -1 }',
      '5:29: failureTolerance must be a whole number from 0, or a percentage such as "10%" up to "100%", not -1',
    ],
    [
      'limits: { failureTolerance: "10" }',
      '5:29: failureTolerance must be a whole number from 0, or a percentage such as "10%" up to "100%", not "10"',
    ],
    ['limits: { targetTimeout: 30 }', '5:26: duration must be text such as 30s, 45m, 2h or 7d, not 30'],
    ['traffic: { in: [canery] }', '5:17: traffic.in names wave canery, which is none of canary, early, rest'],
    ['preset: fast', '5:9: preset "fast" is not one of dev, careful, emergency'],
    [
      'windows: { timezone: Europe/Pariss, allow: ["mon 08:00-09:00"] }',
      '5:22: timezone "Europe/Pariss" is not known: write one such as Europe/Paris or UTC',
    ],
    ['windows: { allow: [] }', '5:19: windows.allow is empty, so that nothing could ever start: name a window, or remove windows'],
    ['windows: { allow: ["mon 08:00-08:00"] }', '5:20: window "mon 08:00-08:00" ends when it starts: it would never open'],
    ['windows: { allow: ["mon 8-9"] }', '5:20: window "mon 8-9" is not of the form "mon-thu 08:00-16:00"'],
    [
      'windows: { allow: ["foo 08:00-09:00"] }',
      '5:20: window "foo 08:00-09:00" names a day that is not one of mon, tue, wed, thu, fri, sat, sun',
    ],
    ['windows: { allow: ["mon 08:60-09:00"] }', '5:20: window "mon 08:60-09:00" has a time outside 00:00 to 24:00'],
    [
      'windows: { allow: ["mon 22:00-02:00"] }',
      '5:20: window "mon 22:00-02:00" ends before it starts: write one window up to 24:00 and one from 00:00 on',
    ],
    ['tags: { "aws:x": a }', '5:9: tag key "aws:x" is AWS\'s own: none may start with aws:'],
    [`tags: { Team: ${'t'.repeat(300)} }`, `5:15: tag value must be at most 256 characters, not "${'t'.repeat(80)}"... of 300 characters`],
    [`tags: { ${'k'.repeat(129)}: a }`, `5:9: tag key must be at most 128 characters, not "${'k'.repeat(80)}"... of 129 characters`],
    ['limits: { perRegion: 1.5 }', '5:22: perRegion must be a whole number, at least 1, not 1.5'],
    ['order: { memoryMb: 1 }', '5:20: memoryMb 1 must be 128 to 10240'],
    ['alerts: { critical: [{ email: nobody }] }', '5:31: email "nobody" is not an e-mail address such as on-call@example.com'],
    [
      'alerts: { critical: [{ email: a b@example.com }] }',
      '5:31: email "a b@example.com" is not an e-mail address such as on-call@example.com',
    ],
    ['alerts: { warning: [{ lambda: page }] }', '5:31: lambda must be the ARN of a Lambda function, not "page"'],
    [
      'alerts: { warning: [{ https: "http://example.com" }] }',
      '5:30: https must be an address that begins with https://, or env and the name of a variable, not "http://example.com"',
    ],
    ['alerts: { warning: [{ https: { env: hook } }] }', '5:37: env must name an environment variable in capitals, not "hook"'],
    ['alerts: { warning: [{}] }', '5:21: subscription must be one of { https: URL }, { lambda: ARN }, { email: ADDRESS }'],
    ['monitoring: { sinks: { eu-west-1: mine } }', '5:35: sink must be the ARN of an OAM sink, not "mine"'],
    ['roll_back: wave', '5:1: unknown key roll_back; did you mean rollback?'],
  ])('with %s is refused with one problem at its place', (line, problem) => {
    expect(refused(`${MINIMAL}${line}\n`)).toEqual([problem]);
  });

  test.each([
    ['{ source: sandbox }', '2:15: organization.path is missing: source sandbox reads it from a file such as organization.yaml'],
    ['{ source: recorded }', '2:15: organization.path is missing: source recorded reads it from a file such as organization.yaml'],
    ['{ source: aws, path: x }', '2:36: organization.path has no meaning with source aws: remove it'],
    ['{ source: gcp }', '2:25: organization.source "gcp" is not one of aws, recorded, sandbox'],
  ])('with organization %s is refused', (organization, problem) => {
    expect(refused(MINIMAL.replace('{ source: aws }', organization))).toEqual([problem]);
  });

  test('may not let a recorded organisation meet the simulated provider', () => {
    expect(refused(`${MINIMAL.replace('{ source: aws }', '{ source: recorded, path: o.yaml }')}engine: sandbox\n`)).toEqual([
      '5:9: engine sandbox does not go with organization.source recorded: only a sandbox organisation may meet the simulated provider',
    ]);
  });

  test('has all its problems told at once, those between its parts included', () => {
    const text = `name: Orders
organization: { source: recorded }
accounts: { shared: 111111111111 }
regions: [eu-west-1, eu-west-1]
homeRegion: us-east-1
preset: dev
waves: [{ name: all }]
colour: blue
`;
    expect(problemsOf(() => parse(text))).toEqual({
      code: 'user/fleet-file',
      problems: [
        '1:7: fleet name "Orders" must be lower case letters, digits and single hyphens, starting with a letter',
        '2:15: organization.path is missing: source recorded reads it from a file such as organization.yaml',
        '3:11: accounts.monitoring is missing',
        '3:21: account id 111111111111 must be quoted: YAML reads it as a number; write "111111111111"',
        '4:22: region eu-west-1 is in regions twice: remove one',
        '5:13: homeRegion us-east-1 is not in regions: add it there, or choose one of eu-west-1',
        '6:9: preset dev and waves are both there: keep one of them',
        expect.stringContaining('8:1: unknown key colour; known keys are accounts, alerts,'),
      ],
    });
  });
});
