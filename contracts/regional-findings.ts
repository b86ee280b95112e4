import { formatSeconds } from './duration';
import type { Finding } from './finding';
import {
  DEFAULT_RESERVED_PERCENT,
  MIN_UNRESERVED_CONCURRENCY,
  ORDER_RETENTION_SECONDS,
  secondsToDeadLetter,
  type OrderBlock,
  type RegionalSettings,
} from './regional';

/** What the settings of a target were made of. */
export interface RegionalOrigin {
  readonly block: OrderBlock;
  /** The account's Lambda limit in the region; null when unknown. */
  readonly lambdaConcurrency: number | null;
  /** The file itself, and not an override, says that the fleet has a shared dashboard. */
  readonly sharesDashboard: boolean;
}

/** AWS's advice for a queue that feeds a function: room for a batch, and for it to be tried again while the function is throttled. */
const ADVISED_VISIBILITY_FACTOR = 6;

/** What is wrong or unwise about a target's settings, in a fixed order; empty when nothing. */
export function regionalFindings(settings: RegionalSettings, origin: RegionalOrigin): readonly Finding[] {
  return [
    ...visibilityFindings(settings),
    ...deadLetterFindings(settings),
    ...dashboardFindings(settings, origin),
    ...concurrencyFindings(settings, origin),
    ...unusual(settings, origin),
  ];
}

function visibilityFindings({ visibilityTimeoutSeconds: visibility, timeoutSeconds: timeout }: RegionalSettings): readonly Finding[] {
  const advised = ADVISED_VISIBILITY_FACTOR * timeout;
  const keys = [
    ['order', 'visibilityTimeout'],
    ['order', 'timeout'],
  ];
  const both = `order.visibilityTimeout ${formatSeconds(visibility)} is less than`;
  if (visibility < timeout) {
    return [
      {
        level: 'refused',
        code: 'visibility-under-timeout',
        message: `${both} order.timeout ${formatSeconds(timeout)}, which AWS refuses: make it ${formatSeconds(advised)} (${ADVISED_VISIBILITY_FACTOR} x timeout)`,
        keys,
      },
    ];
  }
  if (visibility >= advised) return [];
  return [
    {
      level: 'advice',
      code: 'visibility-under-advice',
      message: `${both} ${ADVISED_VISIBILITY_FACTOR} x order.timeout ${formatSeconds(timeout)}, as AWS advises: while the function is throttled orders come back early, use up their attempts and become dead letters; make it ${formatSeconds(advised)}`,
      keys,
    },
  ];
}

/** SQS counts a message's age from its first enqueue: one that is older than the retention is deleted, not moved. */
function deadLetterFindings(settings: RegionalSettings): readonly Finding[] {
  const seconds = secondsToDeadLetter(settings);
  if (seconds < ORDER_RETENTION_SECONDS) return [];
  const { maxReceiveCount, visibilityTimeoutSeconds } = settings;
  return [
    {
      level: 'refused',
      code: 'expires-before-dead-letter',
      message: `order.maxReceiveCount ${maxReceiveCount} x order.visibilityTimeout ${formatSeconds(visibilityTimeoutSeconds)} is ${formatSeconds(seconds)}, but the queue keeps an order ${formatSeconds(ORDER_RETENTION_SECONDS)}: it would be deleted before it becomes a dead letter; lower one of them`,
      keys: [
        ['order', 'maxReceiveCount'],
        ['order', 'visibilityTimeout'],
        ['order', 'timeout'],
      ],
    },
  ];
}

/** The shared dashboard is one for the fleet, and made by a layer that no override of a target reaches. */
function dashboardFindings({ dashboard }: RegionalSettings, { sharesDashboard }: RegionalOrigin): readonly Finding[] {
  if (dashboard !== 'shared' || sharesDashboard) return [];
  return [
    {
      level: 'refused',
      code: 'shared-in-override',
      message:
        'order.dashboard shared is set by an override, but it is one dashboard for the whole fleet: set it in order itself, and perTarget or none in overrides',
      keys: [['order', 'dashboard']],
    },
  ];
}

function concurrencyFindings(settings: RegionalSettings, { block, lambdaConcurrency: limit }: RegionalOrigin): readonly Finding[] {
  const { reservedConcurrency: reserved, eventSourceMaximum: maximum } = settings;
  const percent = sharePercent(block);
  const advice = (code: string, message: string): readonly Finding[] => [
    { level: 'advice', code, message, keys: [['order', 'reservedConcurrencyPercent']] },
  ];
  if (limit === null) {
    return advice(
      'lambda-limit-unknown',
      `the account's Lambda limit is unknown: nothing is reserved, the queue feeds at most ${maximum} at once, and nobody is told when the unreserved executions run out; make it readable (lambda:GetAccountSettings), then fleet discover`,
    );
  }
  if (percent === 0) return [];
  if (reserved === null) {
    const why =
      limit <= MIN_UNRESERVED_CONCURRENCY
        ? `AWS keeps ${MIN_UNRESERVED_CONCURRENCY} of an account unreserved: ask it for a higher limit`
        : `${percent} % of it is less than one`;
    return advice(
      'nothing-reserved',
      `nothing can be reserved of the account's Lambda limit ${limit}: the queue feeds at most ${maximum} at once, and other functions of the account can take even these; ${why}`,
    );
  }
  const found: Finding[] = [];
  const share = Math.floor((limit * percent) / 100);
  if (share > reserved) {
    found.push(
      ...advice(
        'reservation-cut',
        `order.reservedConcurrencyPercent ${percent} of the account's Lambda limit ${limit} would be ${share}: it reserves ${reserved}, so that ${MIN_UNRESERVED_CONCURRENCY} stay unreserved`,
      ),
    );
  }
  if (maximum > reserved) {
    found.push(
      ...advice(
        'event-source-over-reserved',
        `the order function reserves ${reserved}, but its event source cannot be held to less than ${maximum} at once: invocations are throttled, and each throttle uses up an attempt of its orders; reserve ${maximum} or more`,
      ),
    );
  }
  return found;
}

interface UsualRange {
  readonly key: readonly string[];
  readonly value: number;
  readonly from: number;
  readonly to: number;
  readonly text: (value: number) => string;
  readonly below: string;
  readonly above: string;
}

const plain = (unit: string) => (value: number) => `${value}${unit}`;

/** What the requirements call usual; outside of it the fleet works, with the consequence. */
function unusual(settings: RegionalSettings, { block, lambdaConcurrency }: RegionalOrigin): readonly Finding[] {
  const ranges: readonly UsualRange[] = [
    {
      key: ['order', 'memoryMb'],
      value: settings.memoryMb,
      from: 512,
      to: 1024,
      text: plain(' MB'),
      below: 'Lambda gives processor time by memory, so that orders and cold starts are slower',
      above: 'each invocation costs more, and orders are hardly faster',
    },
    {
      key: ['order', 'timeout'],
      value: settings.timeoutSeconds,
      from: 30,
      to: 60,
      text: formatSeconds,
      below: 'a slow batch is cut off and its orders are tried again',
      above: 'an order that hangs is tried again, and becomes a dead letter, that much later',
    },
    {
      key: ['order', 'logRetentionDays'],
      value: settings.logRetentionDays,
      from: 7,
      to: 30,
      text: plain(' days'),
      below: 'logs may be gone before a fault is looked into',
      above: 'logs cost more to keep',
    },
    ...(lambdaConcurrency === null
      ? []
      : [
          {
            key: ['order', 'reservedConcurrencyPercent'],
            value: sharePercent(block),
            from: 5,
            to: 10,
            text: plain(' %'),
            below: 'the order function has little or nothing of its own when other functions of the account are busy',
            above: 'that much less is left for all other functions of the account',
          },
        ]),
    {
      key: ['order', 'alarms', 'errorRatePercent'],
      value: settings.alarms.errorRatePercent,
      from: 1,
      to: 5,
      text: plain(' %'),
      below: 'a few failed orders are an alarm, and stop a rollout',
      above: 'many orders fail before anybody is told',
    },
  ];
  return ranges.flatMap(({ key, value, from, to, text, below, above }): readonly Finding[] => {
    if (value >= from && value <= to) return [];
    return [
      {
        level: 'advice',
        code: 'unusual-value',
        message: `${key.join('.')} ${text(value)} is outside the requirements' ${text(from)} to ${text(to)}: ${value < from ? below : above}`,
        keys: [key],
      },
    ];
  });
}

function sharePercent(block: OrderBlock): number {
  return block.reservedConcurrencyPercent ?? DEFAULT_RESERVED_PERCENT;
}
