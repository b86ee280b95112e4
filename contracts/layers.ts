import type * as z from 'zod';

import type { DeadLetterPlace } from './dead-letter';
import type { Expectations } from './expectations';
import type { Footprint, SharedParts } from './footprint';
import { foundationFootprint, foundationShares, observabilityFootprint, regionalFootprint } from './footprints';
import type { CodeVersions, Health, HealthSignals } from './health';
import { foundationExpectations, observabilityExpectations, regionalExpectations } from './layer-expectations';
import type { Finding } from './finding';
import { foundationCannotMove, foundationStillUsed } from './foundation-moves';
import {
  alertsBlockSchema,
  foundationFindings,
  foundationOutputsSchema,
  foundationSettingsSchema,
  monitoringBlockSchema,
  type FoundationSettings,
} from './foundation';
import type { AccountId, Region } from './ids';
import { foundationCost, observabilityCost, regionalCost, type CostItem } from './monthly-cost';
import { observabilityOutputsSchema, observabilitySettingsSchema, type ObservabilitySettings } from './observability';
import {
  orderBlockSchema,
  regionalOutputsSchema,
  regionalSettingsSchema,
  resolveRegionalSettings,
  secondsToDeadLetter,
  type OrderBlock,
  type RegionalSettings,
} from './regional';
import { regionalFindings } from './regional-findings';
import { regionalDeadLetters } from './regional-dead-letters';
import { regionalHealth, regionalVersions, type ResourceFacts } from './regional-health';
import { regionalSignals } from './regional-signals';
import type { TargetConfig } from './target-config';
import type { LayerName } from './target';

/** Where a layer's targets stand: each region of one named account, or every workload account x region. */
export type Placement = 'shared' | 'workload' | 'monitoring';

/** When a layer's targets roll: in leading waves of one region each, in the configured waves, or in the trailing wave. */
export type Stage = 'leading' | 'waves' | 'trailing';

/** What a layer may know of where it stands, beyond fleet.yaml. */
export interface PlacementFacts {
  readonly account: AccountId;
  readonly region: Region;
  readonly part: number;
  readonly homeRegion: Region;
  /** The account's Lambda limit in this region; null when unknown. */
  readonly lambdaConcurrency: number | null;
  /** Workload accounts, sorted. */
  readonly workloadAccounts: readonly AccountId[];
  /** The blocks of fleet.yaml without its overrides, parsed: for what there is one of in the whole fleet. */
  readonly fileBlocks: Readonly<Record<string, unknown>>;
}

/** An edge of the target graph. */
export interface LayerEdge {
  readonly layer: LayerName;
  /** `hard` needs success; `soft` waits for a terminal state and runs anyway. */
  readonly kind: 'hard' | 'soft';
  /** Which of the upstream layer's targets: those of the same region, or (for one target only) those of the other regions. */
  readonly from: 'same region' | 'other regions, into home';
}

/** What settings were made of. */
export interface SettingsOrigin {
  readonly blocks: Readonly<Record<string, unknown>>;
  readonly facts: PlacementFacts;
}

/** One row of the table: all that the manager knows of a layer. */
export interface Layer {
  readonly name: LayerName;
  readonly placement: Placement;
  readonly stage: Stage;
  readonly edges: readonly LayerEdge[];
  /** Most upstream references one stack takes before another part is opened; null: never sharded. */
  readonly membersPerPart: number | null;
  /** Layers above it whose accounts' names its program shows. No program reads its own account's name or unit. */
  readonly showsNamesOf: readonly LayerName[];
  /** Blocks of fleet.yaml that feed it, by key. */
  readonly blocks: Readonly<Record<string, z.ZodType>>;
  readonly settings: z.ZodType;
  readonly outputs: z.ZodType;
  /** Parsed blocks and facts to the settings its program is told. Pure. */
  readonly resolve: (blocks: Readonly<Record<string, unknown>>, facts: PlacementFacts) => unknown;
  /** What AWS would refuse, or advises against, of what `resolve` gave. Pure. */
  readonly review: (settings: unknown, origin: SettingsOrigin) => readonly Finding[];
  /** What a target costs each month whether it is used or not. Pure; null where its config is of another version. */
  readonly monthlyCost: (config: TargetConfig) => readonly CostItem[] | null;
  /** Lambda bundles (folders of lambda/) that its program deploys. */
  readonly lambdas: readonly string[];
  /** What the gate reads of a deployed target, from its stack outputs and config; null where these do not tell. Null: the layer has no health of its own. */
  readonly health: ((outputs: unknown, config: TargetConfig) => Health | null) | null;
  /** What its alarms mean, and what its service objectives are computed from. Null: the layer has no health of its own. */
  readonly signals: HealthSignals | null;
  /** Where a deployed target keeps its dead letters, from its stack outputs; null where these do not tell. Null: the layer has none. */
  readonly deadLetters: ((outputs: unknown) => DeadLetterPlace | null) | null;
  /** Versions of the code behind a deployed target; undefined where its resources do not tell. Null: the layer cannot shift traffic. */
  readonly versions: ((resources: readonly ResourceFacts[]) => CodeVersions | undefined) | null;
  /** Seconds until a fault in a new release shows at the latest: a bake lasts longer. Null: nothing takes time to show. */
  readonly secondsToShow: ((settings: unknown) => number) | null;
  /** What a target takes of its account, before it is deployed. Pure; null where its config is of another version. */
  readonly footprint: (config: TargetConfig) => Footprint | null;
  /** What others use of a deployed target, from its outputs; null where these do not tell. Null: nobody uses anything. */
  readonly shares: ((outputs: unknown) => SharedParts | null) | null;
  /** Why a target cannot be deployed while another one of its layer and region stands, or in its place. Pure; null: nothing speaks against it. Null: nothing ever does. */
  readonly cannotMove: ((standing: TargetConfig, wanted: TargetConfig) => Finding | null) | null;
  /** What of a target another one of its layer goes on using without reading it. Pure; null: nothing. Null: nothing ever is. */
  readonly stillUsed: ((owner: TargetConfig, user: TargetConfig) => string | null) | null;
  /** What a deployed target should look like, from its outputs and config; null where these do not tell. */
  readonly expects: (outputs: unknown, config: TargetConfig) => Expectations | null;
}

/** A row whose own functions know the type of its settings: the table gives `review` nothing but what `resolve` gave. */
function layer<Settings>(
  row: Omit<Layer, 'resolve' | 'review'> & {
    readonly resolve: (...of: Parameters<Layer['resolve']>) => Settings;
    readonly review: (settings: Settings, origin: SettingsOrigin) => readonly Finding[];
  },
): Layer {
  return row as Layer;
}

const foundation = layer<FoundationSettings>({
  name: 'foundation',
  placement: 'shared',
  stage: 'leading',
  edges: [],
  membersPerPart: null,
  showsNamesOf: [],
  blocks: { alerts: alertsBlockSchema, monitoring: monitoringBlockSchema },
  settings: foundationSettingsSchema,
  monthlyCost: foundationCost,
  outputs: foundationOutputsSchema,
  lambdas: [],
  health: null,
  signals: null,
  deadLetters: null,
  versions: null,
  secondsToShow: null,
  footprint: foundationFootprint,
  shares: foundationShares,
  cannotMove: foundationCannotMove,
  stillUsed: foundationStillUsed,
  expects: foundationExpectations,
  review: foundationFindings,
  resolve: (blocks, facts) => {
    const alerts = alertsBlockSchema.parse(blocks.alerts ?? {});
    const monitoring = monitoringBlockSchema.parse(blocks.monitoring ?? {});
    // E-mail subscriptions must be confirmed by hand, one per topic: home region only (AWS.md A11).
    const here = (subscriptions: typeof alerts.critical) =>
      (subscriptions ?? []).filter((subscription) => !('email' in subscription) || facts.region === facts.homeRegion);
    return {
      sourceAccounts:
        alerts.sourceAccounts === 'listed' ? { kind: 'listed', accounts: [...facts.workloadAccounts] } : { kind: 'organisation' },
      subscriptions: { critical: here(alerts.critical), warning: here(alerts.warning) },
      existingSink: monitoring.sinks?.[facts.region] ?? null,
    };
  },
});

const regional = layer<RegionalSettings>({
  name: 'regional',
  placement: 'workload',
  stage: 'waves',
  edges: [{ layer: 'foundation', kind: 'hard', from: 'same region' }],
  membersPerPart: null,
  showsNamesOf: [],
  blocks: { order: orderBlockSchema },
  settings: regionalSettingsSchema,
  monthlyCost: regionalCost,
  outputs: regionalOutputsSchema,
  lambdas: ['order', 'dead-letter'],
  health: regionalHealth,
  signals: regionalSignals,
  deadLetters: regionalDeadLetters,
  versions: regionalVersions,
  secondsToShow: (settings) => secondsToDeadLetter(regionalSettingsSchema.parse(settings)),
  footprint: regionalFootprint,
  shares: null,
  cannotMove: null,
  stillUsed: null,
  expects: regionalExpectations,
  review: (settings, { blocks, facts: { lambdaConcurrency, fileBlocks } }) => {
    return regionalFindings(settings, {
      block: blocks.order ?? {},
      lambdaConcurrency,
      sharesDashboard: sharesDashboard(fileBlocks),
    });
  },
  // Blocks arrive parsed (durations are seconds already), so they are not parsed again.
  resolve: (blocks, facts) => resolveRegionalSettings(blocks.order ?? {}, facts.lambdaConcurrency),
});

function sharesDashboard(fileBlocks: PlacementFacts['fileBlocks']): boolean {
  const block: OrderBlock = fileBlocks.order ?? {};
  return block.dashboard === 'shared';
}

const observability = layer<ObservabilitySettings>({
  name: 'observability',
  placement: 'monitoring',
  stage: 'trailing',
  edges: [
    // For the topics its alarms notify; where foundation failed they stay silent, and on-call still gets the dashboards.
    { layer: 'foundation', kind: 'soft', from: 'same region' },
    { layer: 'regional', kind: 'soft', from: 'same region' },
    { layer: 'observability', kind: 'soft', from: 'other regions, into home' },
  ],
  membersPerPart: 200,
  showsNamesOf: ['regional'],
  blocks: {},
  settings: observabilitySettingsSchema,
  monthlyCost: observabilityCost,
  outputs: observabilityOutputsSchema,
  lambdas: [],
  health: null,
  signals: null,
  deadLetters: null,
  versions: null,
  secondsToShow: null,
  footprint: observabilityFootprint,
  shares: null,
  cannotMove: null,
  stillUsed: null,
  expects: observabilityExpectations,
  review: () => [],
  resolve: (_blocks, { region, homeRegion, part, fileBlocks }) => {
    const fleetWide = region === homeRegion && part === 1;
    return { fleetWide, sharedDashboard: fleetWide && sharesDashboard(fileBlocks) };
  },
});

/** The layers in the order they roll out; destroy goes the other way. */
export const layers: readonly Layer[] = [foundation, regional, observability];

/** The row of a layer; undefined for a name that is none. */
export function findLayer(name: LayerName): Layer | undefined {
  return layers.find((layer) => layer.name === name);
}
