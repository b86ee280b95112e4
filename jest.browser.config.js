const base = require('./jest.config.js');

/** Pages in headless Chromium: `npm run test:browser` finds one, or installs Debian's where it may. */
/** @type {import('jest').Config} */
module.exports = {
  ...base,
  roots: ['<rootDir>/test/browser'],
  testPathIgnorePatterns: ['/node_modules/'],
  globalSetup: '<rootDir>/tools/obtain-chromium.mjs',
  maxWorkers: 1,
};
