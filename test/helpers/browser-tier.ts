/** Tests that need what `npm run test:browser` obtains (tools/obtain-chromium.mjs). Where it could not be had, they are skipped by name. */
export function describeWithChromium(name: string, tests: () => void): void {
  if ((process.env.FLEET_CHROMIUM ?? '') !== '') describe(name, tests);
  else
    describe.skip(
      `${name} (skipped: ${process.env.FLEET_CHROMIUM_MISSING ?? 'FLEET_CHROMIUM is not set: npm run test:browser obtains it'})`,
      tests,
    );
}

/** Path of the browser that was obtained. */
export function chromiumPath(): string {
  const path = process.env.FLEET_CHROMIUM ?? '';
  if (path === '') throw new Error('there is no Chromium: describeWithChromium skips what needs one');
  return path;
}
