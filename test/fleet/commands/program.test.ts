import { parseCommandLine } from '../../../fleet/commands/program';

const parse = (...argv: readonly string[]) => parseCommandLine(argv, '1.2.3');

describe('the command line', () => {
  test.each([
    [['plan'], { verb: 'plan', flags: { config: 'fleet.yaml', json: false, verbose: false } }],
    [['plan', '-c', 'x.yaml', '--json'], { verb: 'plan', flags: { config: 'x.yaml', json: true } }],
    [['plan', '--account', 'a', '--account', 'b', '--region', 'r'], { verb: 'plan', flags: { account: ['a', 'b'], region: ['r'] } }],
    [['rollout', 'plan.json', '--yes', '--release', 'abc'], { verb: 'rollout', flags: { yes: true, release: 'abc' } }],
    [['destroy', '--confirm', 'orders', '--delete-data'], { verb: 'destroy', flags: { confirm: 'orders', deleteData: true } }],
    [['doctor', '--fix'], { verb: 'doctor', flags: { fix: true, config: 'fleet.yaml' } }],
    [['init', 'somewhere', '--sandbox'], { verb: 'init', flags: { sandbox: true, name: 'orders' } }],
    [['dlq', '--json'], { verb: 'dlq list', flags: { json: true, config: 'fleet.yaml' } }],
    [['dlq', 'regional/1/eu-west-1', '--class', 'unknown'], { verb: 'dlq list', flags: { class: 'unknown' } }],
    [
      ['dlq', 'redrive', '--class', 'transient', '--yes', '--unit', 'a'],
      { verb: 'dlq redrive', flags: { class: 'transient', yes: true, unit: ['a'] } },
    ],
  ])('%j is read as %j', (argv, expected) => {
    expect(parse(...argv)).toMatchObject({ kind: 'run', invocation: expected });
  });

  test.each([
    [['plam'], "unknown command 'plam'; did you mean plan?"],
    [['plan', '--acount', 'x'], "unknown option '--acount'; did you mean --account?"],
    [['dlq', 'redrive', '--class', 'transient', '--yess'], "unknown option '--yess'; did you mean --yes?"],
    [['show'], "missing required argument 'target'"],
    [['plan', 'too', 'much'], 'too many arguments'],
    [['report', '--format', 'pdf'], 'Allowed choices are text, json, html, junit, csv'],
  ])('%j is refused in one line: %s', (argv, message) => {
    expect(() => parse(...argv)).toThrow(
      expect.objectContaining({
        code: 'user/command-line',
        message: expect.stringMatching(new RegExp(`^.*${message.replaceAll('?', '\\?')}.*$`)) as string,
      }),
    );
  });

  test.each([
    [['--version'], '1.2.3'],
    [[], 'Usage: fleet'],
    [['--help'], 'Usage: fleet'],
    [['plan', '--help'], 'Usage: fleet plan'],
    [['dlq', '--help'], 'Usage: fleet dlq'],
    [['dlq', 'redrive', '--help'], 'Usage: fleet dlq redrive'],
  ])('%j prints %s and runs nothing', (argv, text) => {
    expect(parse(...argv)).toMatchObject({ kind: 'print', text: expect.stringContaining(text) as string });
  });
});
