import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseCommandLine } from '../../fleet/commands/program';
import { temporaryFolder } from '../helpers/temporary-folder';

import { evaluate, filledIn, isTrue, type Contexts } from './expressions';
import { jobOf, pipeline, pipelineText as text, root } from './workflow';

const folder = temporaryFolder('pipeline');
const { jobs } = pipeline;
const runs = Object.values(jobs).flatMap((job) => job.steps.flatMap((step) => step.run ?? []));
const scripts = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly scripts: Readonly<Record<string, string>> })
  .scripts;
const indexOf = (name: string, wanted: (step: string) => boolean) =>
  jobOf(name).steps.findIndex(({ run = '', uses = '' }) => wanted(`${run}${uses}`));
const toAws = Object.keys(jobs).filter((name) => indexOf(name, (step) => step.startsWith('aws-actions/')) >= 0);

/** What happened, for which a pipeline is run. */
function event(
  name: string,
  more: { readonly ref?: string; readonly schedule?: string; readonly from?: string; readonly actor?: string } = {},
): Contexts {
  const { ref = 'refs/heads/main', schedule, from, actor = 'somebody' } = more;
  return {
    github: {
      ...{ event_name: name, ref, repository: 'acme/orders', actor },
      event: {
        ...(schedule !== undefined && { schedule }),
        ...(from !== undefined && { pull_request: { head: { repo: { full_name: from } } } }),
      },
    },
    vars: { FLEET_DEV: 'dev/fleet.yaml', FLEET_PRODUCTION: 'production/fleet.yaml' },
    needs: { plan: { outputs: { changes: 'true' } } },
  };
}

/** Jobs whose own condition holds, and that of all which they need. */
function started(contexts: Contexts): readonly string[] {
  const starts = (name: string): boolean =>
    isTrue(evaluate((jobOf(name).if ?? 'always()').trim(), contexts)) && [jobOf(name).needs ?? []].flat().every(starts);
  return Object.keys(jobs).filter(starts);
}

describe('the pipeline', () => {
  const commands = runs.filter((run) => run.includes('$FLEET ')).map((run) => (run.split('$FLEET ')[1] ?? '').split(' | ')[0] ?? '');

  test.each(commands)('`fleet %s` is a command line that the fleet takes', (command) => {
    const argv = command
      .replace(/\$\{PRESET:\+--preset "\$PRESET"\}/, '--preset careful')
      .replace('"$CONFIG"', 'fleet.yaml')
      .replace('"$WAIT"', '10m')
      .replaceAll('"', '')
      .trim()
      .split(/\s+/);

    expect(parseCommandLine(argv, '0')).toMatchObject({ kind: 'run', invocation: { flags: { config: 'fleet.yaml' } } });
  });

  test('plans, checks before and after in dev and in production, and resumes and audits in jobs of their own', () => {
    expect(commands.map((command) => command.split(' ')[0])).toEqual([
      'plan',
      ...['preflight', 'rollout', 'verify', 'audit'],
      'plan',
      ...['preflight', 'rollout', 'verify'],
      ...['status', 'resume', 'verify'],
      'audit',
    ]);
    expect([jobs.dev?.needs, jobs.plan?.needs, jobs.production?.needs]).toEqual([['validate', 'test'], 'dev', 'plan']);
    expect(runs).toEqual(expect.arrayContaining(['npm run coverage', 'npm run simulate -- --seeds 1000']));
  });

  test('starts each job of the clock by a schedule that the workflow has', () => {
    const named = [...text.matchAll(/github\.event\.schedule == '([^']+)'/g)].map((match) => match[1]);

    expect(named.sort()).toEqual(pipeline.on.schedule.map(({ cron }) => cron).sort());
  });

  test('runs only scripts that package.json and .github/scripts have', () => {
    const named = runs.flatMap((run) => [...run.matchAll(/npm run (?:-s )?([a-z:-]+)/g)].map((match) => match[1] ?? ''));
    const own = runs.flatMap((run) => [...run.matchAll(/\.github\/scripts\/([a-z-]+)/g)].map((match) => match[1] ?? ''));

    expect(named.length).toBeGreaterThan(4);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
    expect([...new Set(own)].sort()).toEqual(readdirSync(join(root, '.github', 'scripts')).sort());
  });

  test('takes every action of others at a commit, not at a tag that may move', () => {
    const used = Object.values(jobs).flatMap((job) => job.steps.flatMap((step) => step.uses ?? []));

    expect(used.length).toBeGreaterThan(20);
    expect(used.filter((action) => !/@[0-9a-f]{40}$/.test(action))).toEqual([]);
  });
});

describe('who gets what', () => {
  test('what comes from elsewhere is there before there are credentials, with no script of a package run', () => {
    expect(toAws).toEqual(['pull-request-plan', 'dev', 'plan', 'production', 'resume', 'audit']);
    for (const name of toAws) {
      const credentials = indexOf(name, (step) => step.startsWith('aws-actions/'));
      const later = jobOf(name).steps.slice(credentials + 1).map(({ run = '', uses = '' }) => run + uses).join('\n'); // prettier-ignore
      expect([name, indexOf(name, (step) => step === 'npm ci --ignore-scripts')]).toEqual([name, 2]);
      expect([name, credentials]).toEqual([name, expect.any(Number)]);
      expect(credentials).toBeGreaterThan(2);
      expect(later).not.toMatch(/npm ci|npm install|npx|obtain-engine|download-artifact|setup-node|checkout/);
    }
    expect(text).not.toMatch(/npm ci(?! --ignore-scripts)/);
  });

  test('nobody may more than read, but for a token of AWS where a role is assumed, and the comment where nothing of anybody is run', () => {
    expect(pipeline.permissions).toEqual({ contents: 'read' });
    for (const [name, { permissions, steps }] of Object.entries(jobs)) {
      if (toAws.includes(name)) expect([name, permissions]).toEqual([name, { contents: 'read', 'id-token': 'write' }]);
      else if (name === 'pull-request-comment') {
        expect(permissions).toEqual({ 'pull-requests': 'write' });
        expect(steps.some(({ uses = '', run = '' }) => uses.includes('checkout') || /npm|\.github|\$FLEET/.test(run))).toBe(false);
      } else expect([name, permissions]).toEqual([name, undefined]);
    }
  });

  test('each job has the role and the environment of what it does', () => {
    const roleOf = (name: string) => /vars\.(\w+)/.exec(String(jobOf(name).steps.find(({ uses }) => uses?.startsWith('aws-actions/'))?.with?.['role-to-assume']))?.[1];

    expect(Object.fromEntries(toAws.map((name) => [name, [roleOf(name), jobOf(name).environment]]))).toEqual({
      'pull-request-plan': ['FLEET_PLAN_ROLE', 'plan'],
      dev: ['FLEET_DEPLOY_ROLE', 'dev'],
      plan: ['FLEET_PLAN_ROLE', 'plan'],
      production: ['FLEET_DEPLOY_ROLE', 'production'],
      resume: ['FLEET_DEPLOY_ROLE', 'production-resume'],
      audit: ['FLEET_AUDIT_ROLE', 'production-resume'],
    });
  }); // prettier-ignore

  test('no checkout leaves its token behind, and no value of others is written into a script', () => {
    const checkouts = Object.values(jobs).flatMap(({ steps }) => steps.filter(({ uses }) => uses?.startsWith('actions/checkout@')));

    expect(checkouts.every((step) => step.with?.['persist-credentials'] === false)).toBe(true);
    expect(runs.filter((run) => run.includes('${{'))).toEqual([]);
    expect(text).not.toMatch(/secrets\./);
    expect(Object.values(jobs).filter((job) => job['timeout-minutes'] === undefined)).toEqual([]);
  });

  test.each<[string, Contexts, readonly string[]]>([
    ['a push to main', event('push'), ['validate', 'test', 'dev', 'plan', 'production']],
    ['a dispatch from main', event('workflow_dispatch'), ['validate', 'test', 'dev', 'plan', 'production']],
    ['a dispatch from another branch', event('workflow_dispatch', { ref: 'refs/heads/mine' }), ['validate', 'test']],
    ['a push to another branch', event('push', { ref: 'refs/heads/mine' }), ['validate', 'test']],
    ['a pull request of this repository', event('pull_request', { ref: 'refs/pull/1/merge', from: 'acme/orders' }), ['validate', 'test', 'pull-request-plan', 'pull-request-comment']],
    ['a pull request of a fork', event('pull_request', { ref: 'refs/pull/1/merge', from: 'mallory/orders' }), ['validate', 'test']],
    ['a pull request of a robot', event('pull_request', { ref: 'refs/pull/1/merge', from: 'acme/orders', actor: 'dependabot[bot]' }), ['validate', 'test']],
    ['every half hour', event('schedule', { schedule: '*/30 * * * *' }), ['resume']],
    ['a half hour of another branch', event('schedule', { schedule: '*/30 * * * *', ref: 'refs/heads/mine' }), []],
    ['the morning', event('schedule', { schedule: '15 5 * * 1-5' }), ['audit']],
  ])('%s starts what it should', (_what, contexts, expected) => {
    expect(started(contexts)).toEqual(expected);
  }); // prettier-ignore

  test('a plan that changes nothing asks nobody', () => {
    expect(started({ ...event('push'), needs: { plan: { outputs: { changes: 'false' } } } })).not.toContain('production');
  });

  test('pushes, each schedule and each pull request wait for their own kind alone, and only pull requests give way', () => {
    const kinds = [
      event('push'),
      event('schedule', { schedule: '*/30 * * * *' }),
      event('schedule', { schedule: '15 5 * * 1-5' }),
      event('pull_request', { ref: 'refs/pull/1/merge', from: 'acme/orders' }),
      event('pull_request', { ref: 'refs/pull/2/merge', from: 'acme/orders' }),
    ];
    const { group, 'cancel-in-progress': cancel } = pipeline.concurrency;

    expect(new Set(kinds.map((contexts) => filledIn(group, contexts))).size).toBe(kinds.length);
    expect(kinds.map((contexts) => filledIn(cancel, contexts))).toEqual(['false', 'false', 'false', 'true', 'true']);
    expect(Object.keys(pipeline.on)).not.toContain('pull_request_target');
  });
});

describe('its scripts', () => {
  const script = (name: string, args: readonly string[], input = '') =>
    spawnSync(join(root, '.github', 'scripts', name), args, { encoding: 'utf8', input });

  test.each([
    [0, 0],
    [1, 1],
    [2, 2],
    [3, 0],
    [130, 130],
  ])('a fleet command that exits %i ends its job with %i', (code, expected) => {
    const { status, stdout } = script('until-waiting', ['sh', '-c', `exit ${code}`]);

    expect(status).toBe(expected);
    expect(stdout.includes('::notice')).toBe(code === 3);
  });

  test('text in a comment ends no block, however many backticks it has, and calls nobody', () => {
    const { stdout } = script('as-markdown', ['plan'], 'TARGET\n```\n@everyone </details> ````` | # x\n');

    expect(stdout).toBe('### plan\n\n``````text\nTARGET\n```\n@everyone </details> ````` | # x\n``````\n');
  });

  test('a plan that is longer than a comment may be is cut at a line, and says so', () => {
    const { stdout } = script('as-markdown', ['plan'], `${'ü'.repeat(99)}\n`.repeat(2000));

    expect(Buffer.byteLength(stdout)).toBeLessThan(60_000);
    expect(stdout).toMatch(/\nü{99}\n```\n\n17\d\d more lines are in the artefact of this run\.\n$/);
  });

  test.each([
    ['one that runs', '{"code":"result","data":{"outcome":null}}', 0, 0, 'unfinished=true'],
    ['one that has ended', '{"code":"x"}\n{"code":"result","data":{"outcome":"succeeded"}}', 0, 0, 'unfinished=false'],
    ['none yet', '{"code":"result","data":{"error":{"code":"user/unknown-rollout"}}}', 2, 0, 'unfinished=false'],
    ['a state that cannot be read', '{"code":"result","data":{"error":{"code":"user/state-damaged"}}}', 2, 2, ''],
    ['no answer', 'Killed', 0, 1, ''],
  ])('of rollouts, %s', (_what, told, code, expected, output) => {
    const GITHUB_OUTPUT = join(mkdtempSync(join(folder, 'output-')), 'output');
    writeFileSync(GITHUB_OUTPUT, '');
    const argv = ['sh', '-c', `printf '%s\\n' "$0"; exit ${code}`, told];
    const env = { ...process.env, GITHUB_OUTPUT };
    const { status, stdout } = spawnSync(join(root, '.github', 'scripts', 'is-unfinished'), argv, { encoding: 'utf8', env });

    expect([status, stdout]).toEqual([expected, `${told}\n`]);
    expect(readFileSync(GITHUB_OUTPUT, 'utf8').trim()).toBe(output);
  });
});
