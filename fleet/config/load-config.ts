import { resolve } from 'node:path';

import { layers, type Layer } from '../../contracts/layers';

import { configFindings } from './config-findings';
import type { FleetConfig } from './fleet-config';
import { fleetFileParts, fleetFileSchema } from './fleet-file';
import { resolveConfig } from './resolve-config';
import { parseYaml, readYamlFile } from './yaml-file';

/** Reads fleet.yaml. Throws one `user/fleet-file` {@link FleetError} with every problem, each with its position. */
export function loadFleetConfig(path: string): FleetConfig {
  const { data, positions } = readYamlFile(path, fileOptions(layers));
  return resolveConfig(data, { path: resolve(path), positions: positions() });
}

/** As {@link loadFleetConfig}, from text: `path` is where it would stand, `layers` the table whose blocks it may have. */
export function parseFleetConfig(text: string, options: { readonly path: string; readonly layers?: readonly Layer[] }): FleetConfig {
  const { data, positions } = parseYaml(text, { ...fileOptions(options.layers ?? layers), file: options.path });
  return resolveConfig(data, { path: resolve(options.path), positions: positions() });
}

function fileOptions(table: readonly Layer[]) {
  return {
    schema: fleetFileSchema(table),
    what: 'fleet-file',
    check: (data: unknown) => configFindings(fleetFileParts(data), table),
  };
}
