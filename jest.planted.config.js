/** Runs the tests over a source with a bug planted in it; see tools/planted-bugs.mjs. */
module.exports = {
  ...require('./jest.config.js'),
  transform: { '^.+\\.ts$': '<rootDir>/test/planted-bugs/planting-transformer.cjs' },
  maxWorkers: 1,
};
