import type { Layer } from '../../contracts/layers';

import type { FleetFileParts, FriendlyWave } from './fleet-file';
import { presets } from './presets';
import type { YamlCheckFinding } from './yaml-file';

/** What is wrong between the parts of a fleet.yaml that are right by themselves; empty when nothing is. */
export function configFindings(parts: FleetFileParts, layers: readonly Layer[]): readonly YamlCheckFinding[] {
  return [
    ...regionFindings(parts),
    ...organizationFindings(parts),
    ...storeFindings(parts),
    ...waveFindings(parts, layers),
    ...trafficFindings(parts),
    ...windowFindings(parts),
  ];
}

function regionFindings({ regions, homeRegion }: FleetFileParts): readonly YamlCheckFinding[] {
  if (!regions) return [];
  const findings = duplicates(regions).map(({ index, value }) => ({
    path: ['regions', index],
    message: `region ${value} is in regions twice: remove one`,
  }));
  if (homeRegion === undefined || regions.includes(homeRegion)) return findings;
  return [
    ...findings,
    {
      path: ['homeRegion'],
      message: `homeRegion ${homeRegion} is not in regions: add it there, or choose one of ${[...new Set(regions)].join(', ')}`,
    },
  ];
}

function organizationFindings({ organization, engine }: FleetFileParts): readonly YamlCheckFinding[] {
  if (!organization) return [];
  const findings: YamlCheckFinding[] = [];
  if (organization.source === 'aws' && organization.path !== undefined) {
    findings.push({ path: ['organization', 'path'], message: 'organization.path has no meaning with source aws: remove it' });
  }
  if (organization.source !== 'aws' && organization.path === undefined) {
    findings.push({
      path: ['organization'],
      message: `organization.path is missing: source ${organization.source} reads it from a file such as organization.yaml`,
    });
  }
  if (engine === 'sandbox' && organization.source !== 'sandbox') {
    findings.push({
      path: ['engine'],
      message: `engine sandbox does not go with organization.source ${organization.source}: only a sandbox organisation may meet the simulated provider`,
    });
  }
  return findings;
}

function storeFindings({ state, backend, secretsProvider, engine, organization, broken }: FleetFileParts): readonly YamlCheckFinding[] {
  const findings: YamlCheckFinding[] = [];
  if (state !== undefined)
    findings.push(
      ...locationFindings(state, { path: ['state'], name: 'state', example: 's3://bucket/prefix or a folder', schemes: ['s3'] }),
    );
  if (backend !== undefined) {
    findings.push(
      ...locationFindings(backend, {
        path: ['backend'],
        name: 'backend',
        example: 's3://bucket/prefix, file://folder or a folder',
        schemes: ['s3', 'file'],
      }),
    );
  }
  if (!organization || broken.has('engine')) return findings;
  const usesPulumi = (engine ?? (organization.source === 'sandbox' ? 'sandbox' : 'pulumi')) === 'pulumi';
  if (!usesPulumi) return findings;
  if (backend === undefined && !broken.has('backend') && state?.startsWith('s3://')) {
    findings.push({
      path: ['backend'],
      message: 'backend is missing: with state on s3:// say where Pulumi keeps its checkpoints, such as s3://bucket',
    });
  }
  if (backend?.startsWith('s3://') && secretsProvider === undefined && !broken.has('secretsProvider')) {
    findings.push({
      path: ['secretsProvider'],
      message: 'secretsProvider is missing: a backend on s3:// needs awskms://<key>, or passphrase',
    });
  }
  return findings;
}

interface LocationRule {
  readonly path: readonly PropertyKey[];
  readonly name: string;
  readonly example: string;
  readonly schemes: readonly string[];
}

function locationFindings(text: string, rule: LocationRule): readonly YamlCheckFinding[] {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1];
  const allowed = scheme === undefined || rule.schemes.includes(scheme);
  const named = scheme !== 's3' || /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[\w!.*'()/-]*)?$/.test(text);
  return allowed && named ? [] : [{ path: rule.path, message: `${rule.name} ${JSON.stringify(text)} must be ${rule.example}` }];
}

function waveFindings({ waves, preset }: FleetFileParts, layers: readonly Layer[]): readonly YamlCheckFinding[] {
  if (!waves) return [];
  const findings: YamlCheckFinding[] = duplicates(waves.map((wave) => wave.name)).map(({ index, value }) => ({
    path: ['waves', index, 'name'],
    message: `wave ${value} is there twice: give each its own name`,
  }));
  if (preset !== undefined) findings.push({ path: ['preset'], message: `preset ${preset} and waves are both there: keep one of them` });
  waves.forEach((wave, index) => findings.push(...pickFindings(wave, { index, last: index === waves.length - 1 })));
  waves.forEach((wave, index) => {
    if (!layers.some((layer) => layer.name === wave.name)) return;
    findings.push({ path: ['waves', index, 'name'], message: `wave name ${wave.name} is the name of a layer: choose another` });
  });
  return findings;
}

function pickFindings(
  wave: FriendlyWave,
  { index, last }: { readonly index: number; readonly last: boolean },
): readonly YamlCheckFinding[] {
  if (last === (wave.pick === undefined)) return [];
  return last
    ? [
        {
          path: ['waves', index, 'pick'],
          message: `the last wave, ${wave.name}, has a pick, so the rest would never be rolled out: remove it, or add a wave without pick`,
        },
      ]
    : [
        {
          path: ['waves', index],
          message: `wave ${wave.name} has no pick: it would take the rest and leave nothing for the waves after it; only the last wave may have none`,
        },
      ];
}

function trafficFindings({ traffic, waves, preset, broken }: FleetFileParts): readonly YamlCheckFinding[] {
  if (broken.has('waves') || broken.has('preset')) return [];
  const names = (waves ?? presets[preset ?? 'careful'].waves).map((wave) => wave.name);
  return (traffic?.in ?? []).flatMap((name, index) =>
    names.includes(name)
      ? []
      : [{ path: ['traffic', 'in', index], message: `traffic.in names wave ${name}, which is none of ${names.join(', ')}` }],
  );
}

function windowFindings({ windows }: FleetFileParts): readonly YamlCheckFinding[] {
  const timezone = windows?.timezone;
  if (timezone === undefined || isTimezone(timezone)) return [];
  return [
    { path: ['windows', 'timezone'], message: `timezone ${JSON.stringify(timezone)} is not known: write one such as Europe/Paris or UTC` },
  ];
}

function isTimezone(name: string): boolean {
  try {
    // An offset such as +01:00 would ignore summer time, which is what a time zone is for.
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** The later one of every pair of equal values. */
function duplicates<Value>(values: readonly Value[]): readonly { readonly index: number; readonly value: Value }[] {
  return values.flatMap((value, index) => (values.indexOf(value) < index ? [{ index, value }] : []));
}
