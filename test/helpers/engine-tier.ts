/** Tests that need what `npm run test:engine` obtains (tools/obtain-engine.mjs). Where it could not be had, they are skipped by name. */

type Describe = (name: string, tests: () => void) => void;

/** Tests that run the Pulumi CLI, whose path is {@link pulumiCli}. */
export const describeWithEngine: Describe = (name, tests) => describeWith(['FLEET_PULUMI'], name, tests);

/** Tests that start moto. */
export const describeWithMoto: Describe = (name, tests) => describeWith(['MOTO_PYTHON'], name, tests);

/** Tests that need both. */
export const describeWithEngineAndMoto: Describe = (name, tests) => describeWith(['FLEET_PULUMI', 'MOTO_PYTHON'], name, tests);

/** Tests that run actionlint, whose path is {@link actionlint}. */
export const describeWithActionlint: Describe = (name, tests) => describeWith(['ACTIONLINT'], name, tests);

/** Path of the actionlint that was obtained. */
export function actionlint(): string {
  return process.env.ACTIONLINT ?? '';
}

/** Path of the CLI that was obtained. */
export function pulumiCli(): string {
  const path = process.env.FLEET_PULUMI;
  if (path === undefined) throw new Error('there is no Pulumi CLI: describeWithEngine skips what needs one');
  return path;
}

function describeWith(needed: readonly string[], name: string, tests: () => void): void {
  const missing = needed.filter((variable) => (process.env[variable] ?? '') === '').map(reasonFor);
  if (missing.length === 0) describe(name, tests);
  else describe.skip(`${name} (skipped: ${missing.join('; ')})`, tests);
}

function reasonFor(variable: string): string {
  return process.env[`${variable}_MISSING`] ?? `${variable} is not set: npm run test:engine obtains it`;
}
