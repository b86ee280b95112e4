import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { actionlint, describeWithActionlint } from '../helpers/engine-tier';
import { pipelineText, root } from '../workflows/workflow';

describeWithActionlint('workflows', () => {
  const lint = (argv: readonly string[], input = '') => {
    const { status, stdout } = spawnSync(actionlint(), ['-no-color', '-oneline', ...argv], { cwd: root, encoding: 'utf8', input });
    return { status, found: stdout.trimEnd() };
  };
  const ofText = (text: string) => lint(['-'], text);

  test('are what GitHub takes', () => {
    const files = readdirSync(join(root, '.github', 'workflows')).map((name) => join('.github', 'workflows', name));

    expect(files.length).toBeGreaterThan(0);
    expect(lint(files)).toEqual({ status: 0, found: '' });
  });

  test.each<[string, (text: string) => string, RegExp]>([
    ['a choice that is empty', (text) => text.replace('[none, careful', "['', careful"), /should not be empty/],
    ['an output that no step has', (text) => text.replaceAll('steps.plan.outputs', 'steps.plans.outputs'), /"plans" is not defined/],
    ['a job that is not there', (text) => text.replace('needs: plan', 'needs: plans'), /"plans"/],
    ['a permission that is none', (text) => text.replace('id-token: write', 'id-token: admin'), /"admin" is invalid/],
    ['a title of somebody else in a script', (text) => text.replace('run: npm test', 'run: echo "${{ github.event.pull_request.title }}"'), /potentially untrusted/],
  ])('with %s would be found', (_what, change, expected) => {
    expect(change(pipelineText)).not.toBe(pipelineText);
    const { status, found } = ofText(change(pipelineText));

    expect(status).toBe(1);
    expect(found).toMatch(expected);
  }); // prettier-ignore
});
