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
      info,
      { level: 'warning', code: 'w', message: 'careful' },
      { level: 'error', code: 'e', message: 'wrong' },
      { level: 'result', code: 'result', message: 'a table\nof two lines' },
    ];

    expect(told(textReporter, messages)).toEqual({
      out: ['03:04:05 one\n\\x1b[31mtwo', 'a table\nof two lines'],
      err: ['warning: careful', 'wrong'],
    });
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
