const base = require('./jest.config.js');

/** Tests against the real Pulumi CLI and moto, an AWS emulator: `npm run test:engine` obtains both. */
/** @type {import('jest').Config} */
module.exports = {
  ...base,
  roots: ['<rootDir>/test/emulator', '<rootDir>/test/engine'],
  testPathIgnorePatterns: ['/node_modules/'],
  globalSetup: '<rootDir>/tools/obtain-engine.mjs',
  maxWorkers: 2,
};
