import type { TargetId } from '../../../contracts/target';
import type { Message } from '../../../fleet/ports';
import { jsonReporter, textReporter } from '../../../fleet/report/reporters';

const now = new Date('2026-01-02T03:04:05.678Z');

function told(make: typeof textReporter, messages: readonly Message[], verbose = false) {
  const [out, err]: [string[], string[]] = [[], []];
  const reporter = make({ out: (line) => out.push(line), err: (line) => err.push(line), clock: { now: () => now }, verbose });
  for (const message of messages) reporter.report(message);
  return { out, err };
}

const info: Message = { level: 'info', code: 'c', message: 'one\n\u001b[31mtwo' };

describe('the reporter for people', () => {
  test('tells progress and results on one stream, errors and warnings on the other', () => {
    const messages: readonly Message[] = [
      { ...info, isText: true },
      { level: 'warning', code: 'w', message: 'careful' },
      { level: 'error', code: 'e', message: 'wrong' },
      { level: 'result', code: 'result', message: 'a table\nof two lines' },
    ];

    expect(told(textReporter, messages)).toEqual({
      out: ['03:04:05 one\n\\x1b[31mtwo', 'a table\nof two lines'],
      err: ['warning: careful', 'wrong'],
    });
  });

  test.each([
    ['info', '::error::all is lost', '03:04:05 \\x3a:error::all is lost'],
    ['info', 'a (shop\n::error::all is lost) started', '03:04:05 a (shop ::error::all is lost) started'],
    ['info', 'a (shop\r##[error]lost) started', '03:04:05 a (shop \\x23#[error]lost) started'],
    ['info', 'a (##VSO[task.setvariable variable=x]y) started', '03:04:05 a (\\x23#VSO[task.setvariable variable=x]y) started'],
    ['result', 'NAME\n::add-mask::200000000001', 'NAME\n\\x3a:add-mask::200000000001'],
    ['result', 'NAME\n  ::stop-commands::x\n##teamcity[x]', 'NAME\n  \\x3a:stop-commands::x\n\\x23#teamcity[x]'],
    ['warning', '::set-output name=a::b', 'warning: \\x3a:set-output name=a::b'],
    ['error', '\u2028 ::error::x', '\\x3a:error::x'],
  ] as const)('gives a pipeline no command to carry out: %s %j', (level, message, line) => {
    const { out, err } = told(textReporter, [{ level, code: 'c', message }]);

    expect([...out, ...err]).toEqual([line]);
  });

  test('tells each error in one line, whatever it quotes', () => {
    const messages: readonly Message[] = [
      { level: 'error', code: 'e', message: 'program failed:\n  at \u001b[31mx\r\n' },
      { level: 'warning', code: 'w', message: 'a\nb' },
    ];

    expect(told(textReporter, messages).err).toEqual(['program failed: at \\x1b[31mx', 'warning: a b']);
  });

  test.each([
    [true, 1],
    [false, 0],
  ])('when verbose is %s tells %i of one resource', (verbose, lines) => {
    expect(told(textReporter, [{ level: 'debug', code: 'd', message: 'a resource' }], verbose).out).toHaveLength(lines);
  });
});

describe('the reporter for programs', () => {
  test('writes one JSON object a line on one stream, the last with the code result', () => {
    const target = 'regional/200000000001/eu-west-1' as TargetId;
    const { out, err } = told(jsonReporter, [
      info,
      { level: 'error', code: 'e', message: 'wrong', target, data: { some: 1 } },
      { level: 'result', code: 'result', message: 'done', data: null },
    ]);

    expect(err).toEqual([]);
    expect(out.join('')).not.toContain('\n');
    expect(out.map((line) => JSON.parse(line) as unknown)).toEqual([
      { time: now.toISOString(), level: 'info', code: 'c', message: info.message },
      { time: now.toISOString(), level: 'error', code: 'e', target, message: 'wrong', data: { some: 1 } },
      { time: now.toISOString(), level: 'info', code: 'result', message: 'done', data: null },
    ]);
  });
});
