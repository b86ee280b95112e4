import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { temporaryFolder } from '../helpers/temporary-folder';
import { runJob, type RanJob } from '../workflows/run-job';
import { root } from '../workflows/workflow';

import type { FleetRunner } from './fleet-runner';
import { changeMemory, memoryOf, sandboxFleet } from './sandbox-fleet';

const fleets = sandboxFleet({ accounts: 2 });
const folder = temporaryFolder('pipeline-jobs');
const TARGET = 'regional/200000000001/eu-west-1';

/** A machine of the pipeline's: npm that installs nothing, a CLI that is there, a `gh` that notes what it is asked and knows of one comment or none. */
function machine(comment: string) {
  const home = mkdtempSync(join(folder, 'machine-'));
  const plant = (name: string, script: string) => {
    const path = join(home, name);
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
  };
  plant('npm', `echo "npm $*" >> ${home}/asked`);
  plant('gh', `echo "gh $*" >> ${home}/asked\ncase "$*" in *PATCH*|*POST*) cp comment.md ${home}/comment.md; rm comment.md;; *) printf '%s\\n' ${comment};; esac`);
  const env = {
    PATH: [home, dirname(process.execPath), '/usr/bin', '/bin'].join(':'),
    HOME: home,
    WAIT: '1s',
    FLEET: `node ${join(root, 'dist', 'fleet', 'bin.js')}`,
    FLEET_PULUMI: plant('pulumi', 'echo v3.259.0'),
  };
  return { env, asked: () => readFileSync(join(home, 'asked'), 'utf8'), comment: () => readFileSync(join(home, 'comment.md'), 'utf8') };
} // prettier-ignore

/** The pipeline of two fleets, one job after the other as GitHub starts them. */
function pipelineOf({ dev, production }: { readonly dev: FleetRunner; readonly production: FleetRunner }, comment = '') {
  const runs = mkdtempSync(join(folder, 'run-'));
  const { env, ...looks } = machine(comment);
  const needs: Record<string, { readonly outputs: RanJob['outputs'] }> = {};
  const config = (fleet: FleetRunner) => join(fleet.directory, 'fleet.yaml');
  const contexts = {
    needs,
    github: { repository: 'acme/orders', event_name: 'push', token: 't', event: { pull_request: { number: '7' } } },
    vars: { FLEET_DEV: config(dev), FLEET_PRODUCTION: config(production) },
    inputs: { preset: 'none' },
  };
  return {
    ...looks,
    artefacts: join(runs, 'artefacts'),
    job: (name: string): RanJob => {
      const ran = runJob(name, { folder: runs, env, contexts });
      needs[name] = { outputs: ran.outputs };
      return ran;
    },
  };
}

test('a release goes from a plan through dev and a person to promoted, by the plan that was shown, and is verified there', async () => {
  const [dev, production] = [fleets.built(), fleets.deployed()];
  changeMemory(production, 512);
  production.changeWave('rest', { approval: 'required' });
  const { job, asked, artefacts } = pipelineOf({ dev, production });

  const inDev = job('dev');
  expect([inDev.exitCode, inDev.told]).toEqual([0, expect.stringContaining('nothing failed') as string]);
  expect(inDev.steps.filter((step) => step.startsWith('$FLEET')).map((step) => step.split(' ')[1])).toEqual(['preflight', 'rollout', 'verify', 'audit']); // prettier-ignore
  expect(asked()).toBe('npm ci --ignore-scripts\n');

  const plan = job('plan');
  const { digest } = JSON.parse(readFileSync(join(artefacts, 'plan', 'plan.json'), 'utf8')) as { readonly digest: string };
  expect(plan).toMatchObject({ exitCode: 0, outputs: { digest, changes: 'true' } });
  expect(plan.summary).toMatch(new RegExp(`^### plan ${digest}\n\n\`\`\`text\n[\\s\\S]*canary[\\s\\S]*\n\`\`\`\n$`));

  const begun = job('production');
  expect([begun.exitCode, begun.steps.includes('verify')]).toEqual([0, false]);
  expect(begun.told).toContain('::notice title=rollout waits');
  expect(await memoryOf(production, TARGET)).toBe(512);
  expect(JSON.parse(readFileSync(join(artefacts, 'production-reports', 'rollout.json'), 'utf8'))).toMatchObject({ plan: digest, outcome: null });

  await production.run('approve');
  const ended = job('resume');
  expect([ended.exitCode, ended.steps.slice(-4)]).toEqual([0, ['look', 'go on', 'verify', 'actions/upload-artifact']]);
  expect(readdirSync(join(artefacts, 'resume-reports')).sort()).toEqual(['rollout.csv', 'rollout.html', 'rollout.json', 'rollout.junit.xml']);
  expect(await memoryOf(production, 'regional/200000000002/eu-west-1')).toBe(512);

  // What has ended is neither told nor verified again each half hour.
  const later = job('resume');
  expect([later.exitCode, later.steps.slice(-2)]).toEqual([0, ['look', 'actions/upload-artifact']]);
  expect(job('audit')).toMatchObject({ exitCode: 0, summary: expect.stringMatching(/^### audit\n\n```text\n/) as string });
  // And nobody is asked about a plan that changes nothing.
  expect(job('plan').outputs.changes).toBe('false');
}, 180_000); // prettier-ignore

test('another plan than the one that was shown is not rolled out', async () => {
  const [dev, production] = [fleets.built(), fleets.deployed()];
  changeMemory(production, 512);
  const { job, artefacts } = pipelineOf({ dev, production });
  job('plan');
  changeMemory(production, 256);
  mkdirSync(join(artefacts, 'shown'));
  cpSync(join(artefacts, 'plan', 'plan.json'), join(artefacts, 'shown', 'plan.json'));

  // What stands in fleet.yaml has changed since.
  expect(job('production')).toMatchObject({ exitCode: 2, told: expect.stringMatching(/user\/plan-outdated/) as string });
  // Somebody gives the job another plan.
  await production.run('plan', '-o', join(artefacts, 'plan', 'plan.json'));
  expect(job('production')).toMatchObject({ exitCode: 2, told: expect.stringMatching(/user\/another-plan: .* is to be rolled out/) as string });
  // Or the same one, changed.
  const shown = readFileSync(join(artefacts, 'shown', 'plan.json'), 'utf8');
  writeFileSync(join(artefacts, 'plan', 'plan.json'), shown.replaceAll('512', '3008'));
  expect(job('production')).toMatchObject({ exitCode: 2, told: expect.stringMatching(/user\/plan-file: .*was changed/) as string });
  expect(await memoryOf(production, TARGET)).toBe(1024);
}, 180_000); // prettier-ignore

test('a red canary fails the production job, which leaves its reports and verifies nothing', async () => {
  const [dev, production] = [fleets.built(), fleets.deployed()];
  changeMemory(production, 512);
  production.plant({ target: TARGET, kind: 'alarm', release: 'new' });
  const { job, artefacts } = pipelineOf({ dev, production });
  job('plan');
  const { exitCode, steps } = job('production');

  expect([exitCode, steps.slice(-2)]).toEqual([1, ['roll out', 'actions/upload-artifact']]);
  expect(readFileSync(join(artefacts, 'production-reports', 'rollout.junit.xml'), 'utf8')).toContain('<failure type="rolled_back"');
}, 180_000);

test('a pull request gets its plan as one comment, which is brought up to date', () => {
  const [dev, production] = [fleets.built(), fleets.deployed()];
  changeMemory(production, 512);
  const first = pipelineOf({ dev, production });
  expect([first.job('pull-request-plan').exitCode, first.job('pull-request-comment').exitCode]).toEqual([0, 0]);
  expect(first.asked()).toMatch(/gh api --paginate repos\/acme\/orders\/issues\/7\/comments .*\ngh api --method POST repos\/acme\/orders\/issues\/7\/comments -F body=@comment\.md/);
  expect(first.comment()).toMatch(/^<!-- fleet plan -->\n### plan [0-9a-f]{64}\n\n```text\n[\s\S]*config[\s\S]*\n```\n$/);

  const second = pipelineOf({ dev, production }, '41');
  second.job('pull-request-plan');
  second.job('pull-request-comment');
  expect(second.asked()).toContain('gh api --method PATCH repos/acme/orders/issues/comments/41 -F body=@comment.md');
}, 180_000); // prettier-ignore
