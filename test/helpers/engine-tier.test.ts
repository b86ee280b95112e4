import { describeWithEngine, describeWithEngineAndMoto, describeWithMoto } from './engine-tier';

const CLI = 'FLEET_PULUMI';
const MOTO = 'MOTO_PYTHON';
const names = [CLI, MOTO, `${CLI}_MISSING`, `${MOTO}_MISSING`];
const before = Object.fromEntries(names.map((name) => [name, process.env[name]]));
const real = globalThis.describe;
const seen: string[] = [];

beforeEach(() => {
  seen.length = 0;
  const fake = (name: string) => void seen.push(`run: ${name}`);
  globalThis.describe = Object.assign(fake, { skip: (name: string) => void seen.push(`skip: ${name}`) }) as unknown as typeof describe;
});
afterEach(() => {
  globalThis.describe = real;
  for (const name of names) set(name, before[name]);
});

function set(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

const reason = 'no moto can be had: no network';

test.each([
  ['all is there', { [CLI]: '/pulumi', [MOTO]: '/python' }, ['run: a', 'run: b', 'run: c']],
  [
    'moto is not',
    { [CLI]: '/pulumi', [`${MOTO}_MISSING`]: reason },
    ['run: a', `skip: b (skipped: ${reason})`, `skip: c (skipped: ${reason})`],
  ],
  [
    'nobody obtained anything',
    {},
    [
      'skip: a (skipped: FLEET_PULUMI is not set: npm run test:engine obtains it)',
      'skip: b (skipped: MOTO_PYTHON is not set: npm run test:engine obtains it)',
      'skip: c (skipped: FLEET_PULUMI is not set: npm run test:engine obtains it; MOTO_PYTHON is not set: npm run test:engine obtains it)',
    ],
  ],
])('where %s, tests run or are skipped by name', (_when, env: Readonly<Record<string, string>>, expected) => {
  for (const name of names) set(name, env[name]);
  describeWithEngine('a', () => undefined);
  describeWithMoto('b', () => undefined);
  describeWithEngineAndMoto('c', () => undefined);

  expect(seen).toEqual(expected);
});
