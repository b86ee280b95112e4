// What tools/simulate.mjs bundles.
export { mustReach } from './coverage';
export { runScenario } from './run-scenario';
export { scenarioOf } from './scenario';
export { simulateSeeds } from './simulate-seeds';
