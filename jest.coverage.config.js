const base = require('./jest.config.js');

/**
 * Every line and branch of what runs in an account: the functions, and the rules that say what is deployed there. `npm run mutation:lambda` asks
 * whether the tests would notice a change, which coverage alone does not tell.
 */
/** @type {import('jest').Config} */
module.exports = {
  ...base,
  roots: ['<rootDir>/test/lambda', '<rootDir>/test/regional', '<rootDir>/test/contracts'],
  // These run bundles in processes of their own, where nothing is counted.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/lambda/(bundle|bundles-on-node24|thousand-messages).test.ts'],
  collectCoverage: true,
  coverageDirectory: '<rootDir>/coverage/functions',
  coverageReporters: ['text-summary', 'json'],
  collectCoverageFrom: [
    'lambda/**/*.ts',
    'regional/{alarm-definitions,archive-policy,data-key-policy,function-calls,function-policies,heartbeat-order,log-protection-policy}.ts',
    'regional/{target-view,version-routing}.ts',
    'contracts/{regional,regional-*}.ts',
  ],
  coverageThreshold: { global: { statements: 100, branches: 100, functions: 100, lines: 100 } },
};
