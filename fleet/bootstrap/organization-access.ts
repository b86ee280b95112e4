import {
  ActivateOrganizationsAccessCommand,
  DescribeOrganizationsAccessCommand,
  type CloudFormationClient,
} from '@aws-sdk/client-cloudformation';
import { EnablePolicyTypeCommand, ListRootsCommand, type OrganizationsClient } from '@aws-sdk/client-organizations';

import { FleetError } from '../errors';
import type { Clock } from '../ports';

import { asked } from './asked';

/** One thing that must be on in the organisation before its program is run. It is turned on where it is off, and never off again. */
export interface AccessStep {
  /** As IAM names the action. */
  readonly call: string;
  /** What it turns on, for people. */
  readonly what: string;
}

/** What must be on, in the order in which it is turned on. */
const STEPS = {
  tagPolicies: { call: 'organizations:EnablePolicyType', what: 'tag policies in the organisation' },
  stackSets: { call: 'cloudformation:ActivateOrganizationsAccess', what: 'StackSets in the organisation' },
} as const satisfies Readonly<Record<string, AccessStep>>;

/** What the access is looked at and turned on with. */
export interface OrganizationAccessOptions {
  readonly organizations: OrganizationsClient;
  /** Of the management account, at home. */
  readonly cloudformation: CloudFormationClient;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly signal: AbortSignal;
}

/** Organizations turns a policy type on within seconds. */
const LOOK_MS = 2000;
const LOOKS = 60;

/**
 * What Organizations and CloudFormation must allow before the organisation's program is run. AWS refuses a policy of a type that is off, and
 * a service-managed StackSet until CloudFormation itself was told: trust by Organizations alone is not enough.
 */
export class OrganizationAccess {
  readonly #options: OrganizationAccessOptions;

  constructor(options: OrganizationAccessOptions) {
    this.#options = options;
  }

  /** What is off. Changes nothing. Rejects with an `aws/...` {@link FleetError}. */
  async look(): Promise<readonly AccessStep[]> {
    const { cloudformation, signal } = this.#options;
    const { Status } = await asked('cloudformation:DescribeOrganizationsAccess', () =>
      cloudformation.send(new DescribeOrganizationsAccessCommand({}), { abortSignal: signal }),
    );
    return [...((await this.#tagPolicies()) === 'ENABLED' ? [] : [STEPS.tagPolicies]), ...(Status === 'ENABLED' ? [] : [STEPS.stackSets])];
  }

  /** Turns on what is off, and waits until it is. */
  async complete(missing: readonly AccessStep[], { rootId: RootId }: { readonly rootId: string }): Promise<void> {
    const { organizations, cloudformation, signal } = this.#options;
    for (const { call } of missing) {
      if (call === STEPS.stackSets.call) {
        await asked(call, () => cloudformation.send(new ActivateOrganizationsAccessCommand({}), { abortSignal: signal }));
        continue;
      }
      // One that somebody else is turning on, or off, is neither refused nor done.
      if ((await this.#tagPolicies()) === undefined)
        await asked(call, () =>
          organizations.send(new EnablePolicyTypeCommand({ RootId, PolicyType: 'TAG_POLICY' }), { abortSignal: signal }),
        );
      await this.#untilTagPolicies(RootId);
    }
  }

  async #untilTagPolicies(rootId: string): Promise<void> {
    const { clock, signal } = this.#options;
    for (let look = 1; (await this.#tagPolicies()) !== 'ENABLED'; look += 1) {
      if (look === LOOKS)
        throw new FleetError('aws/PolicyTypeNotEnabled', `tag policies of root ${rootId} are not on after ${(LOOKS * LOOK_MS) / 1000} s: see \`aws organizations list-roots\`, and run bootstrap again`); // prettier-ignore
      await clock.sleep(LOOK_MS, signal);
    }
  }

  /** State of the policy type; undefined where it is off. */
  async #tagPolicies(): Promise<string | undefined> {
    const { organizations, signal } = this.#options;
    const { Roots } = await asked('organizations:ListRoots', () => organizations.send(new ListRootsCommand({}), { abortSignal: signal }));
    return Roots?.[0]?.PolicyTypes?.find(({ Type }) => Type === 'TAG_POLICY')?.Status;
  }
}
