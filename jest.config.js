/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  // These need the Pulumi CLI or an emulator (jest.engine.config.js) or a browser (jest.browser.config.js), or are whole rollouts (jest.cli.config.js).
  testPathIgnorePatterns: ['/node_modules/', ...['emulator', 'engine', 'browser', 'cli'].map((folder) => `<rootDir>/test/${folder}/`)],
  // Types are checked once by `tsc --noEmit`; jest only transpiles.
  transform: { '^.+\\.ts$': ['ts-jest', { diagnostics: false }] },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.fleet/'],
  resolver: '<rootDir>/tools/jest-resolver.cjs',
  clearMocks: true,
  randomize: true,
  maxWorkers: 3,
  testTimeout: 30_000,
};
