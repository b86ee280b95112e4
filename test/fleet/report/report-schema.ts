import * as z from 'zod';

const time = z.iso.datetime({ precision: 3 });
const whole = z.number().int().min(0);
const outcome = z.enum(['succeeded', 'unchanged', 'failed', 'skipped', 'cancelled', 'blocked', 'rolled_back', 'rollback_failed']);

const counts = z.strictObject({
  total: whole,
  succeeded: whole,
  unchanged: whole,
  failed: whole,
  skipped: whole,
  cancelled: whole,
  blocked: whole,
  rolled_back: whole,
  rollback_failed: whole,
});

const alarm = { alarm: z.string().min(1), since: z.string().nullable(), cleared: z.boolean() };

const cause = z
  .strictObject({
    code: z.enum(['fleet/gate-failed', 'fleet/aborted']),
    message: z.string().min(1),
    wave: z.string().min(1),
    own: z.boolean(),
    alarms: z.array(z.strictObject(alarm)),
  })
  .refine(({ own, alarms }) => own || alarms.length === 0, 'whose alarms were red is guilty');

const target = z
  .strictObject({
    id: z.string(),
    layer: z.string(),
    account: z.string().regex(/^\d{12}$/),
    accountName: z.string(),
    region: z.string(),
    wave: z.string().nullable(),
    state: z.enum(['pending', 'running', 'done']),
    outcome: outcome.nullable(),
    attempts: whole,
    startedAt: time.nullable(),
    endedAt: time.nullable(),
    changes: z.strictObject({ create: whole, update: whole, replace: whole, delete: whole, same: whole }),
    error: z
      .strictObject({ code: z.string().regex(/^(user|fleet|aws|pulumi)\/.+/), message: z.string().min(1), resource: z.string().nullable() })
      .nullable(),
    cause: cause.nullable(),
  })
  .refine((one) => !one.outcome?.startsWith('roll') || one.cause !== null, 'a target that was taken back, or was to be, says why')
  .refine((one) => (one.state === 'done') === (one.outcome !== null), 'a target has an outcome exactly when it is done')
  .refine((one) => one.outcome !== 'failed' || one.error !== null, 'a failed target says why')
  .refine((one) => one.endedAt === null || (one.startedAt !== null && one.startedAt <= one.endedAt), 'a target ends after it starts')
  .refine((one) => one.id.startsWith(`${one.layer}/${one.account}/${one.region}`), "a target's id says where it stands");

/** The report of a rollout as the design has it: every verb's report must hold to this, and to what its parts say of each other. */
export const reportSchema = z
  .strictObject({
    version: z.literal(1),
    rollout: z.string().min(1),
    purpose: z.enum(['rollout', 'rollback', 'destroy', 'repair']),
    release: z.string().min(1),
    plan: z.string().regex(/^[0-9a-f]{64}$/),
    outcome: z.enum(['succeeded', 'failed', 'rolled_back', 'rollback_failed', 'aborted']).nullable(),
    startedAt: time.nullable(),
    endedAt: time.nullable(),
    waiting: z
      .strictObject({
        for: z.enum(['person', 'time']),
        wave: z.string().min(1),
        reason: z.string().min(1),
        action: z.string().regex(/^fleet (approve|resume) /),
        approvals: z
          .strictObject({ required: z.number(), by: z.array(z.string()), given: z.array(z.string()), missing: z.number().min(1) })
          .optional(),
      })
      .nullable(),
    until: time.nullable(),
    kept: z.array(z.strictObject({ target: z.string(), type: z.string(), name: z.string(), id: z.string() })),
    driven: z.boolean(),
    next: z.array(z.string().min(1)),
    counts,
    waves: z.array(
      z.strictObject({
        name: z.string().min(1),
        verdict: z.enum(['pass', 'fail', 'inconclusive', 'error']).nullable(),
        startedAt: time.nullable(),
        endedAt: time.nullable(),
        bakeUntil: time.nullable(),
        reason: z.string().min(1).nullable(),
        red: z.array(z.strictObject({ target: z.string(), ...alarm })),
        counts,
      }),
    ),
    targets: z.array(target),
  })
  .refine(({ counts, targets }) => counts.total === targets.length, 'the total is the number of targets')
  .refine(
    ({ waves, targets }) =>
      waves.every(({ name, counts: { total, ...byOutcome } }) => {
        const members = targets.filter((one) => one.wave === name);
        return (
          total === members.length && outcome.options.every((how) => byOutcome[how] === members.filter((one) => one.outcome === how).length)
        );
      }),
    'the counts of a wave are those of its targets',
  )
  .refine(
    ({ counts, targets }) => outcome.options.every((name) => counts[name] === targets.filter((one) => one.outcome === name).length),
    'each count is the number of targets with that outcome',
  )
  .refine(
    ({ outcome: end, counts: { total, ...byOutcome } }) =>
      end === null || Object.values(byOutcome).reduce((sum, count) => sum + count, 0) === total,
    'the counts of an ended rollout sum to its total',
  )
  .refine(
    ({ outcome: end, waiting, driven, next }) =>
      (next.length === 0) === (end === 'succeeded' || (end === null && waiting === null && driven)),
    'it says what to do next, unless it runs or all went well',
  )
  .refine(({ outcome: end, driven }) => end === null || !driven, 'nobody drives what has ended')
  .refine(({ waiting, until }) => (until !== null) === (waiting?.for === 'time'), 'an instant is waited for exactly where time is')
  .refine(({ outcome: end, waiting }) => end === null || waiting === null, 'an ended rollout waits for nothing')
  .refine(({ outcome: end, endedAt }) => (end === null) === (endedAt === null), 'a rollout has an end exactly when it has an outcome')
  .refine(
    ({ targets, waves, waiting }) =>
      [...targets, ...(waiting ? [waiting] : [])].every((one) => one.wave === null || waves.some(({ name }) => name === one.wave)),
    'each wave of a target, and the one that waits, is a wave of the rollout',
  )
  .refine(({ targets }) => new Set(targets.map(({ id }) => id)).size === targets.length, 'no target stands there twice');

/** A report that held to the schema. */
export type CheckedReport = z.output<typeof reportSchema>;
