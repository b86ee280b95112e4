import { join } from 'node:path';

import { typesOfKind } from '../../contracts/footprint';
import type { Target } from '../../contracts/target';
import { SimulatedArchive } from '../../sandbox/dead-letters/simulated-archive';
import { orderFate } from '../../sandbox/metrics/order-fate';
import { readOrderPaths } from '../../sandbox/metrics/order-path';
import { segmentsOf } from '../../sandbox/metrics/segments';
import { SimulatedCloudWatch } from '../../sandbox/metrics/simulated-cloudwatch';
import { asLeft } from '../../sandbox/planted-drift';
import type { Place, Properties, WorldResource } from '../../sandbox/resource-type';
import { computeTokens } from '../../sandbox/types/common/compute-tokens';
import { publishedVersions } from '../../sandbox/types/common/lambda-versions';
import { monitoringTokens } from '../../sandbox/types/common/monitoring-tokens';
import { readJsonObject, readText } from '../../sandbox/types/common/property-readers';
import { queueOfUrl } from '../../sandbox/types/common/queue-url';
import { awsRefusal, noteConditions, refuseInactive, type SandboxView } from '../gates/sandbox-view';
import { sandboxShared } from '../preflight/sandbox-preflight';
import type { AskOptions } from '../preflight/preflight-source';

import type { AlarmState } from '../gates/health-reader';
import type { AlarmFacts, AskedAlarms, DeployedSource, OrderFate, SentOrder } from './deployed-source';

/** Where the simulated organisation keeps what is sent to it. */
export interface SandboxDeployedOptions {
  /** Folder of the sandbox. */
  readonly directory: string;
}

/** Evaluation windows of the sandbox pass in a second. */
const POLL_SECONDS = 0.2;

/** What stands in a simulated organisation, with the drift that organization.yaml plants. */
export function sandboxDeployed(view: SandboxView, { directory }: SandboxDeployedOptions): DeployedSource {
  const at = (target: Target, { signal }: AskOptions) => {
    signal.throwIfAborted();
    const organization = noteConditions(view);
    refuseInactive(target.account, organization);
    if (view.log.stands('gate-error', { target: target.id, fingerprint: view.world.deployment(target)?.fingerprint }))
      throw awsRefusal('InternalServiceFault', `${target.id} could not be read (sandbox fault gate-error)`);
    const { account, region } = target;
    return new DeployedPlace(target, { view, directory, place: { account, region, organizationId: organization.id } });
  };
  return {
    pollSeconds: POLL_SECONDS,
    alarms: async (target, asked, options) => at(target, options).alarms(asked),
    functionOf: async (target, name, options) => {
      const found = at(target, options).find(computeTokens.function, name);
      if (found === undefined) return undefined;
      const { loggingConfig, tracingConfig } = found as Readonly<Record<string, Properties | undefined>>;
      return { tracing: readText(tracingConfig, 'mode') ?? 'PassThrough', logGroup: readText(loggingConfig, 'logGroup') ?? null };
    },
    retention: async (target, logGroup, options) => {
      const found = at(target, options).find(monitoringTokens.logGroup, logGroup);
      // The provider's 0 means: for ever.
      return found === undefined ? undefined : Number(found.retentionInDays ?? 0) || null;
    },
    alias: async (target, { functionName, name }, options) => at(target, options).alias(functionName, name),
    eventSources: async (target, queueArn, options) => at(target, options).eventSources(queueArn),
    redrive: async (target, queueUrl, options) => at(target, options).redrive(queueUrl),
    dashboards: async (target, names, options) => {
      const place = at(target, options);
      return names.filter((name) => typesOfKind('dashboard').some((type) => place.find(type, name) !== undefined));
    },
    shared: async (target, { topics, keys }, options) => {
      at(target, options);
      return sandboxShared(view.world, [...topics, ...keys]);
    },
    send: async (target, { queueUrl, body }, options) => at(target, options).send(queueUrl, body),
    fate: async (target, order, options) => at(target, options).fate(order),
    counted: async (target, { count, order }, options) => {
      const place = at(target, options);
      // The heartbeat's, and this one: it is counted as soon as it is stored.
      return place.watch().samplesSince(count, order.sentAt.getTime()) + (place.fate(order) === 'stored' ? 1 : 0);
    },
    close: () => Promise.resolve(),
  };
}

interface DeployedPlaceParts {
  readonly view: SandboxView;
  readonly directory: string;
  readonly place: Place;
}

/** The simulated AWS where one target is. */
class DeployedPlace {
  readonly #target: Target;
  readonly #parts: DeployedPlaceParts;

  constructor(target: Target, parts: DeployedPlaceParts) {
    this.#target = target;
    this.#parts = parts;
  }

  /** Outputs of a resource as they are now; undefined where there is none. */
  find(type: string, name: string): Properties | undefined {
    const { place, view } = this.#parts;
    const found = view.world.find(type, name, place);
    return found && this.#now(found);
  }

  watch(): SimulatedCloudWatch {
    const { place, view } = this.#parts;
    return new SimulatedCloudWatch(place, view);
  }

  alarms({ names, states }: AskedAlarms): readonly AlarmFacts[] {
    const watch = this.watch();
    return names.flatMap((name): readonly AlarmFacts[] => {
      const metric = this.find(monitoringTokens.metricAlarm, name);
      const found = metric ?? this.find(monitoringTokens.compositeAlarm, name);
      if (found === undefined) return [];
      const { alarmActions } = found;
      return [
        {
          name,
          kind: metric === undefined ? 'composite' : 'metric',
          state: states ? this.#stateOf(name, watch) : null,
          actionsEnabled: found.actionsEnabled !== false,
          actions: Array.isArray(alarmActions) ? alarmActions.length : 0,
        },
      ];
    });
  }

  alias(functionName: string, name: string) {
    const found = this.find(computeTokens.alias, `${functionName}:${name}`);
    if (found === undefined) return undefined;
    const version = String(found.functionVersion);
    const { additionalVersionWeights = {} } = (found.routingConfig ?? {}) as { readonly additionalVersionWeights?: Properties };
    const versions = publishedVersions(this.find(computeTokens.function, functionName));
    return {
      version,
      others: Object.keys(additionalVersionWeights),
      description: versions.find((one) => one.version === version)?.description ?? '',
    };
  }

  eventSources(queueArn: string) {
    const { place, view } = this.#parts;
    return view.world
      .list(computeTokens.eventSourceMapping, place)
      .map((resource) => this.#now(resource))
      .filter((now) => now !== undefined)
      .filter(({ eventSourceArn }) => eventSourceArn === queueArn)
      .map(({ functionArn, enabled }) => ({
        functionName: String(functionArn).split(':').slice(6).join(':'),
        enabled: enabled !== false,
      }));
  }

  redrive(queueUrl: string) {
    const queue = this.#queue(queueUrl);
    if (queue === undefined) return undefined;
    const { deadLetterTargetArn, maxReceiveCount } = readJsonObject(readText(queue, 'redrivePolicy') ?? '') ?? {};
    if (typeof deadLetterTargetArn !== 'string') return null;
    return { deadLetterQueueArn: deadLetterTargetArn, maxReceiveCount: Number(maxReceiveCount) };
  }

  send(queueUrl: string, body: string): void {
    const { directory, place, view } = this.#parts;
    const { id } = this.#target;
    const archive = new SimulatedArchive({
      ...{ target: id, place, bucket: '', ...view },
      path: join(directory, 'dead-letters', `${id.replaceAll('/', '.')}.ndjson`),
    });
    if (!archive.send(queueUrl, { body, redrives: 0 }))
      throw awsRefusal('QueueDoesNotExist', `order queue ${queueUrl} of ${id} does not exist`);
  }

  /** An order arrives where the way is there as deployed, and nobody has closed it behind the fleet's back. */
  fate({ sentAt }: SentOrder): OrderFate {
    const { place, view } = this.#parts;
    const { world, log, clock } = view;
    const { id, account } = this.#target;
    const toSimulated = (milliseconds: number) => clock.secondsBetween(0, milliseconds);
    const path = readOrderPaths(world, { place, toSimulated }).find(({ target }) => target === id);
    const queue = path && this.find(computeTokens.queue, path.orderQueue);
    if (path === undefined || queue === undefined) return 'waiting';
    const isFed = this.eventSources(String(queue.arn)).some(({ enabled }) => enabled);
    if (!isFed) return 'waiting';
    const redrive = this.redrive(String(queue.url ?? queue.id));
    const segments = segmentsOf(path, { log, deployment: world.deployment({ id, account }), toSimulated });
    const attempts = { count: redrive?.maxReceiveCount ?? Infinity, apart: Number(queue.visibilityTimeoutSeconds) };
    return orderFate(toSimulated(sentAt.getTime()), { attempts, segments, now: toSimulated(clock.realNow()) });
  }

  #stateOf(name: string, watch: SimulatedCloudWatch): AlarmState {
    return watch.alarm(name)?.phases.at(-1)?.state ?? 'INSUFFICIENT_DATA';
  }

  #queue(url: string): Properties | undefined {
    const { place, view } = this.#parts;
    const found = queueOfUrl(url, place, view.world);
    return found && this.#now(found);
  }

  #now(resource: WorldResource): Properties | undefined {
    const { view } = this.#parts;
    return asLeft(resource, { world: view.world, drift: view.organization().drift })?.outputs;
  }
}
