/** What `fleet preflight` checks before a rollout, in the order it is told; each with what it asks. */
export const preflightChecks = {
  inventory: 'what decides whether an account takes part is known: its state, unit and tags',
  moves: 'what fleet.yaml moves to another account can be made there beside what stands',
  region: 'the region is opted in, in workload accounts and in the shared and monitoring account',
  settings: "AWS or the tag standard would refuse nothing of the account's own tags and limits",
  role: 'the deploy role can be assumed, and leads to the expected account',
  secrets: 'the secrets that the target refers to are set, and can be compared with those it was deployed with',
  boundary: 'the permissions boundary that every role made must carry is there',
  concurrency: 'the reservation of the order function leaves 100 executions, and the limit has room for one',
  'code-storage': 'the new code fits into what Lambda stores in the region',
  'alarm-quota': 'the alarms to be made fit into the quota of the region',
  'table-quota': 'the tables to be made fit into the quota of the region',
  names: 'no name that the target takes stands already without being in its state',
  'shared-parts': 'the topics and keys of a deployed foundation are there, the keys enabled',
  'alarms-red': 'no alarm of a deployed target is red',
} as const;

/** What `fleet verify` checks after a rollout, in the order it is told; each with what it asks. */
export const verifyChecks = {
  deployed: 'the target stands as its record says, and its outputs tell what to look at',
  order: 'a synthetic order that is sent to the queue is stored in the table and counted',
  'alarms-there': 'every alarm that was deployed exists',
  'alarms-armed': 'their actions are enabled, and composites notify somebody',
  'alarms-data': 'none is without data by the end of the time',
  'alarms-green': 'none is red',
  logs: 'each function writes to its log group, which has the configured retention',
  tracing: 'each function has the configured tracing mode',
  alias: 'the alias serves one version, made from the code of the recorded release',
  'event-source': 'the event source of each queue is there and enabled',
  redrive: 'the order queue hands what fails to the dead-letter queue, after the configured number of receives',
  dashboards: 'every dashboard that was deployed exists',
  'shared-topics': 'topics are there, and their keys enabled',
} as const;

/** Name of a check; does not change. */
export type CheckId = keyof typeof preflightChecks | keyof typeof verifyChecks;
