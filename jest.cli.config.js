const base = require('./jest.config.js');

/** Whole command lines over sandbox fleets, in processes as a person starts them: they bake, wait for leases and are killed, so they take their time. */
/** @type {import('jest').Config} */
module.exports = {
  ...base,
  roots: ['<rootDir>/test/cli'],
  testPathIgnorePatterns: ['/node_modules/'],
};
