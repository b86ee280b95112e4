import { parseEvent } from '../../../../fleet/engine/pulumi/engine-event';
import { RunStory } from '../../../../fleet/engine/pulumi/run-story';
import type { EngineEvent } from '../../../../fleet/ports';

const URN = 'urn:pulumi:s::regional::fleet:regional:Queues$aws:sqs/queue:Queue::orders';
const STACK = 'urn:pulumi:s::regional::pulumi:pulumi:Stack::regional-s';

interface Told {
  readonly op: string;
  readonly urn?: string;
  readonly [key: string]: unknown;
}

function storyOf(...events: readonly Record<string, unknown>[]): { readonly story: RunStory; readonly heard: readonly string[] } {
  const heard: string[] = [];
  const story = new RunStory(({ kind, step }: EngineEvent) => heard.push(`${kind} ${step.op} ${step.name}`));
  for (const event of events) {
    const parsed = parseEvent(JSON.stringify(event));
    if (parsed) story.take(parsed);
  }
  return { story, heard };
}

const metadata = ({ op, urn = URN, ...more }: Told) => ({ metadata: { op, urn, type: 'aws:sqs/queue:Queue', ...more } });
const begun = (told: Told) => ({ resourcePreEvent: metadata(told) });
const ended = (told: Told) => ({ resOutputsEvent: metadata(told) });
const error = (message: string, urn = '') => ({ diagnosticEvent: { urn, message, severity: 'error' } });

describe('the story of a run', () => {
  test.each([
    ['create', 'create'],
    ['update', 'update'],
    ['same', 'same'],
    ['create-replacement', 'replace'],
    ['delete', 'delete'],
    ['import', 'create'],
  ])('tells %s as %s', (op, told) => {
    expect(storyOf(ended({ op })).story.steps).toMatchObject([{ op: told, urn: URN, name: 'orders', type: 'aws:sqs/queue:Queue' }]);
  });

  test.each(['replace', 'delete-replaced', 'read', 'refresh', 'something new'])('counts no step %s', (op) => {
    expect(storyOf(begun({ op }), ended({ op })).story.steps).toEqual([]);
  });

  test('what is kept though the program lets it go is retained, and no change', () => {
    const { story } = storyOf(ended({ op: 'delete', old: { retainOnDelete: true } }));
    expect([story.steps[0]?.op, story.changes]).toEqual(['retain', { create: 0, update: 0, replace: 0, delete: 0, same: 0 }]);
  });

  test('a resource is heard of as it begins and ends; one that stays as it is, not', () => {
    const { heard } = storyOf(begun({ op: 'update' }), ended({ op: 'update' }), begun({ op: 'same' }), ended({ op: 'same' }));
    expect(heard).toEqual(['resource-started update orders', 'resource-done update orders']);
  });

  test('keys that differ are named once, whole, in order', () => {
    const told = { op: 'update', diffs: ['tags'], detailedDiff: { 'tags.Version': {}, 'layers[0]': {}, memorySize: {} } };
    expect(storyOf(ended(told)).story.steps[0]?.keys).toEqual(['layers', 'memorySize', 'tags']);
  });

  test('a component that is told twice counts once', () => {
    expect(storyOf(ended({ op: 'create', urn: STACK }), ended({ op: 'create', urn: STACK })).story.changes.create).toBe(1);
  });

  test('a resource’s error comes before the run’s, whichever was told first; warnings are none', () => {
    const { story } = storyOf(
      { diagnosticEvent: { urn: URN, message: 'old', severity: 'warning' } },
      error('update failed', STACK),
      error('api error AccessDenied: no', URN),
    );
    expect(story.error).toEqual({ code: 'aws/AccessDenied', message: 'AccessDenied: no', resource: URN });
    expect(storyOf(error('update failed', STACK)).story.error).toMatchObject({ message: 'update failed' });
    expect(storyOf().story.error).toBeNull();
  });

  test('so is what is to leave nothing behind any more: it must be told before it is deleted', () => {
    const change = (old: boolean, now: boolean) =>
      begun({ op: 'update', old: { inputs: { retainStack: old } }, new: { inputs: { retainStack: now } } });
    expect(storyOf(change(true, false)).story.unprotected).toEqual([URN]);
    expect(storyOf(change(true, true), change(false, true)).story.unprotected).toEqual([]);
  });

  test('protection that falls is noted, and that alone', () => {
    const change = (old: boolean, now: boolean) => begun({ op: 'update', old: { protect: old }, new: { protect: now } });
    expect(storyOf(change(true, false)).story.unprotected).toEqual([URN]);
    expect(storyOf(change(true, true), change(false, false), change(false, true)).story.unprotected).toEqual([]);
  });
});

describe('the story of a refresh', () => {
  const refreshed = (told: Partial<Told>) => {
    const story = new RunStory(() => undefined, { ofRefresh: true });
    const parsed = parseEvent(JSON.stringify(ended({ op: 'update', ...told })));
    if (parsed) story.take(parsed);
    return story.steps[0];
  };
  const side = (inputs: object, outputs: object = inputs) => ({ inputs, outputs });

  test.each<[string, Partial<Told>, string, object[]]>([
    [
      'an input',
      { detailedDiff: { delaySeconds: { inputDiff: true } }, old: side({ delaySeconds: 5, name: 'q' }), new: side({ delaySeconds: 9, name: 'q' }) },
      'update',
      [{ path: 'delaySeconds', deployed: 5, found: 9 }],
    ],
    [
      'a value inside a JSON text and a tag',
      {
        detailedDiff: { redrivePolicy: {}, 'tags.Team': {} },
        old: side({ redrivePolicy: '{"maxReceiveCount":5}', tags: { Team: 'a' } }),
        new: side({ redrivePolicy: '{ "maxReceiveCount": 3 }', tags: {} }),
      },
      'update',
      [
        { path: 'redrivePolicy.maxReceiveCount', deployed: 5, found: 3 },
        { path: 'tags.Team', deployed: 'a', found: null },
      ],
    ],
    ['nothing but how a JSON text is written', { detailedDiff: { policy: {} }, old: side({ policy: '{"a":1}' }), new: side({ policy: '{ "a": 1 }' }) }, 'same', []],
    ['an output', { detailedDiff: { arn: {} }, old: side({}, { arn: 'a' }), new: side({}, { arn: 'b' }) }, 'update', [{ path: 'arn', deployed: 'a', found: 'b' }]],
    ['a secret', { detailedDiff: { key: {} }, old: side({ key: '[secret]' }), new: side({ key: '[secret]' }) }, 'update', [{ path: 'key', deployed: '[secret]', found: '[secret]' }]],
    ['what is not told', { detailedDiff: { key: {} }, new: side({}) }, 'update', [{ path: 'key', deployed: null, found: null }]],
    ['no key at all', { old: side({}), new: side({}) }, 'update', []],
  ])('tells %s with what was deployed and what is found', (_what, told, op, differences) => {
    expect(refreshed(told)).toMatchObject({ op, differences });
  }); // prettier-ignore

  test('tells no differences of what is gone', () => {
    expect(refreshed({ op: 'delete' })).toEqual(expect.objectContaining({ op: 'delete', keys: [] }));
    expect(refreshed({ op: 'delete' })).not.toHaveProperty('differences');
  });
});

test.each(['', '{"sequence":1,"resourcePreEv', 'no json', '{"resourcePreEvent":{"metadata":{"op":1}}}'])('%j is no event', (line) => {
  expect(parseEvent(line)).toBeUndefined();
});
