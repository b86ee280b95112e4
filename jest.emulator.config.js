const base = require('./jest.config.js');

/** Tests against moto, an AWS emulator that needs Python: `npm run test:emulator`. */
/** @type {import('jest').Config} */
module.exports = {
  ...base,
  roots: ['<rootDir>/test/emulator'],
  testPathIgnorePatterns: ['/node_modules/'],
  globalSetup: '<rootDir>/tools/obtain-moto.mjs',
  maxWorkers: 1,
};
