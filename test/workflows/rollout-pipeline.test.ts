import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';

import { parseCommandLine } from '../../fleet/commands/program';

const root = join(__dirname, '..', '..');
const text = readFileSync(join(root, '.github', 'workflows', 'rollout.yml'), 'utf8');

interface Workflow {
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly needs?: string | readonly string[];
        readonly environment?: string;
        readonly steps: readonly { readonly run?: string; readonly uses?: string }[];
      }
    >
  >;
}
const { jobs } = parse(text) as Workflow;
const runs = Object.values(jobs).flatMap((job) => job.steps.flatMap((step) => step.run ?? []));
const scripts = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly scripts: Readonly<Record<string, string>> })
  .scripts;

describe('the pipeline', () => {
  const commands = runs.filter((run) => run.includes('$FLEET ')).map((run) => (run.split('$FLEET ')[1] ?? '').split(' | ')[0] ?? '');

  test.each(commands)('`fleet %s` is a command line that the fleet takes', (command) => {
    const argv = command
      .replace(/\$\{PRESET:\+--preset "\$PRESET"\}/, '--preset careful')
      .replace('"$CONFIG"', 'fleet.yaml')
      .trim()
      .split(' ');

    expect(parseCommandLine(argv, '0')).toMatchObject({ kind: 'run', invocation: { flags: { config: 'fleet.yaml' } } });
  });

  test('validates and tests before dev, checks before and after, waits for a person before production, and resumes and audits in jobs of their own', () => {
    expect(commands.map((command) => command.split(' ')[0])).toEqual([
      ...['preflight', 'rollout', 'verify', 'audit'],
      ...['preflight', 'plan', 'rollout'],
      'resume',
      'audit',
    ]);
    expect(jobs.dev?.needs).toEqual(['validate', 'test']);
    expect(jobs.production).toMatchObject({ needs: 'dev', environment: 'production' });
  });

  test('starts each job of the clock by a schedule that the workflow has', () => {
    const { on } = parse(text) as { readonly on: { readonly schedule: readonly { readonly cron: string }[] } };
    const started = [...text.matchAll(/github\.event\.schedule == '([^']+)'/g)].map((match) => match[1]);

    expect(started.sort()).toEqual(on.schedule.map(({ cron }) => cron).sort());
  });

  test('runs only scripts that package.json has', () => {
    const named = runs.flatMap((run) => [...run.matchAll(/npm run (?:-s )?([a-z:-]+)/g)].map((match) => match[1] ?? ''));

    expect(named.length).toBeGreaterThan(4);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  test('takes every action of others at a commit, not at a tag that may move', () => {
    const used = Object.values(jobs).flatMap((job) => job.steps.flatMap((step) => step.uses ?? []));

    expect(used.filter((action) => !/@[0-9a-f]{40}$/.test(action))).toEqual([]);
  });

  test.each([
    [0, 0],
    [1, 1],
    [2, 2],
    [3, 0],
    [130, 130],
  ])('a fleet command that exits %i ends its job with %i', (code, expected) => {
    const { status, stdout } = spawnSync(join(root, '.github', 'scripts', 'until-waiting'), ['sh', '-c', `exit ${code}`], {
      encoding: 'utf8',
    });

    expect(status).toBe(expected);
    expect(stdout.includes('::notice')).toBe(code === 3);
  });
});
