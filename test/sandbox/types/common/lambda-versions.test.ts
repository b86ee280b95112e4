import * as fc from 'fast-check';

import { nextVersions, type PublishedVersion } from '../../../../sandbox/types/common/lambda-versions';

const state = (code: number) => ({ codeSha256: `code ${code}`, description: '', role: 'r', deadLetterTarget: null, configuration: {} });

test('numbers only go up by one, from where a deleted function of that name ended, earlier versions never change, and no two neighbours are alike', () => {
  const steps = fc.array(fc.record({ code: fc.nat(3), publish: fc.boolean() }), { maxLength: 30 });
  fc.assert(
    fc.property(steps, fc.nat(9), (history, used) => {
      let ledger: readonly PublishedVersion[] = [];
      let before: { readonly code: number; readonly publish: boolean } | undefined;
      for (const step of history) {
        const after = nextVersions(ledger, state(step.code), {
          publish: step.publish,
          published: before?.publish,
          changed: before?.code !== step.code,
          used,
        });
        expect(after.slice(0, ledger.length)).toEqual(ledger);
        expect(after.length - ledger.length).toBeLessThanOrEqual(step.publish ? 1 : 0);
        // Whoever publishes finds what is deployed in the last version.
        if (step.publish) expect(after.at(-1)?.codeSha256).toBe(`code ${step.code}`);
        ledger = after;
        before = step;
      }
      expect(ledger.map(({ version }) => version)).toEqual(ledger.map((_, at) => String(used + at + 1)));
      expect(ledger.every(({ digest }, at) => digest !== ledger[at - 1]?.digest)).toBe(true);
    }),
  );
});

test('the order of properties makes no version', () => {
  const first = nextVersions(
    [],
    { ...state(1), configuration: { a: 1, b: { c: 2, d: 3 } } },
    { publish: true, published: undefined, changed: true, used: 0 },
  );
  const again = nextVersions(
    first,
    { ...state(1), configuration: { b: { d: 3, c: 2 }, a: 1 } },
    { publish: true, published: true, changed: true, used: 0 },
  );
  expect(again).toBe(first);
});
