// What tools/simulate.mjs bundles.
export { vacuous } from './coverage';
export { runScenario } from './run-scenario';
export { scenarioOf } from './draw-scenario';
export { simulateSeeds } from './simulate-seeds';
export { crashPoints, problemsOf, undisturbed } from './crash-points';
