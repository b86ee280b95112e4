import { regionalSettingsSchema, resolveRegionalSettings, type OrderBlock } from '../../contracts/regional';
import { targetAt } from '../../contracts/target';
import { readConfig } from '../../layer-kit/read-config';
import { createRegional } from '../../regional/create-regional';
import type { Rendering } from '../../sandbox/recording-monitor';
import { ireland, renderLayer, shared, workload, type LayerOptions } from '../layer-kit/render-layer';

export const foundationId = targetAt({ layer: 'foundation', account: shared, region: ireland }).id;

export const foundationOutputs = {
  version: 1,
  topics: {
    critical: 'arn:aws:sns:eu-west-1:111111111111:orders-alerts-critical',
    warning: 'arn:aws:sns:eu-west-1:111111111111:orders-alerts-warning',
  },
  alertKeyArn: 'arn:aws:kms:eu-west-1:111111111111:key/1',
  sinkArn: 'arn:aws:oam:eu-west-1:222222222222:sink/1',
  tagStandard: { required: [], optional: [], allowedValues: {} },
};

/** What differs from the ordinary regional target. */
export interface RegionalOptions extends Partial<Omit<LayerOptions, 'layer' | 'settings'>> {
  readonly order?: OrderBlock;
  readonly lambdaConcurrency?: number | null;
  readonly digest?: string;
}

/** The regional program of one ordinary target. */
export function renderRegional(options: RegionalOptions = {}): Promise<Rendering> {
  const digest = options.digest ?? 'a'.repeat(64);
  const bundle = (name: string) => ({ directory: `/release/lambda/${name}`, digest });
  return renderLayer(async () => createRegional({ ...readConfig('regional', regionalSettingsSchema), bundle }), {
    account: workload,
    upstream: [{ target: foundationId, accountName: 'shared' }],
    stacks: { [foundationId]: foundationOutputs },
    ...options,
    layer: 'regional',
    settings: resolveRegionalSettings(options.order ?? {}, options.lambdaConcurrency === undefined ? 1000 : options.lambdaConcurrency),
  });
}
