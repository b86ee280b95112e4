// ts-jest, with one bug planted in one source: the one that PLANTED_BUG names. A bug whose place is not there exactly once is an error, never
// a bug that went unnoticed.
const { resolve } = require('node:path');

const { createTransformer } = require('ts-jest').default;

const root = resolve(__dirname, '..', '..');
const bug = require('./planted-bugs.json').find(({ name }) => name === process.env.PLANTED_BUG);
if (!bug) throw new Error(`PLANTED_BUG ${process.env.PLANTED_BUG} is no bug of planted-bugs.json`);
const inner = createTransformer({ diagnostics: false });

function plant(source, path) {
  if (path !== resolve(root, bug.file)) return source;
  if (source.split(bug.from).length !== 2) throw new Error(`${bug.name}: its place is not exactly once in ${bug.file}: ${bug.from}`);
  return source.replace(bug.from, () => bug.to);
}

module.exports = {
  process: (source, path, options) => inner.process(plant(source, path), path, options),
  getCacheKey: (source, path, options) =>
    `${inner.getCacheKey(source, path, options)}-${path === resolve(root, bug.file) ? JSON.stringify(bug) : ''}`,
};
