import type { ServerResponse } from 'node:http';

import { AwsError } from '../../sandbox/aws-error';

import { MotoDoor, type Asked } from './moto-door';

type Json = Readonly<Record<string, unknown>>;

/** What AWS refuses, by its own name. */
export interface Refusal {
  readonly name: string;
  readonly message: string;
}

const ORGANIZATIONS = 'AWSOrganizationsV20161128.';

/**
 * Organizations and CloudFormation as AWS has them, before moto: a policy of a type that is off cannot be attached, which moto does, and
 * CloudFormation has its own say in StackSets, which moto has not.
 */
export class OrganizationDoor extends MotoDoor {
  /** What was asked that changes something, as `EnablePolicyType`, in its order. */
  readonly changes: string[] = [];
  /** Whether CloudFormation was told that it may act in the organisation. */
  isActivated = false;

  /** Asks a JSON service as the management account; throws what it refuses. */
  async ask(target: string, body: Json): Promise<Json> {
    // moto goes by what is signed for.
    const service = target.startsWith(ORGANIZATIONS) ? 'organizations' : 'budgets';
    const reply = await fetch(this.endpoint, {
      method: 'POST',
      headers: {
        'x-amz-target': target,
        'content-type': 'application/x-amz-json-1.1',
        authorization: `AWS4-HMAC-SHA256 Credential=AKIAMANAGEMENT/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=x`,
      },
      body: JSON.stringify(body),
    });
    const told = (await reply.text()) || '{}';
    const answer = JSON.parse(told) as Json;
    if (!reply.ok) throw new AwsError(String(answer.__type).split('#').at(-1) ?? '', String(answer.message ?? answer.Message));
    return answer;
  }

  /** {@link ask} of Organizations. */
  organizations(operation: string, body: Json): Promise<Json> {
    return this.ask(`${ORGANIZATIONS}${operation}`, body);
  }

  protected override async serve(asked: Asked, reply: ServerResponse): Promise<void> {
    const { headers, body } = asked;
    const target = String(headers['x-amz-target'] ?? '');
    const operation = target.startsWith(ORGANIZATIONS) ? target.slice(ORGANIZATIONS.length) : '';
    if (operation !== '' && !/^(Describe|List)/.test(operation)) this.changes.push(operation);
    const access = /\bAction=(Describe|Activate|Deactivate)OrganizationsAccess\b/.exec(body.toString('latin1'))?.[1];
    if (access !== undefined) return this.#access(access, reply);
    if (operation === 'AttachPolicy') {
      const refused = await this.#refusesPolicy(JSON.parse(body.toString('utf8')) as { readonly PolicyId: string });
      if (refused) {
        reply.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' });
        return void reply.end(JSON.stringify({ __type: refused.name, message: refused.message }));
      }
    }
    return this.passOn(asked, reply);
  }

  #access(which: string, reply: ServerResponse): void {
    if (which !== 'Describe') {
      this.changes.push(`${which}OrganizationsAccess`);
      this.isActivated = which === 'Activate';
    }
    const status = which === 'Describe' ? `<Status>${this.isActivated ? 'ENABLED' : 'DISABLED'}</Status>` : '';
    const name = `${which}OrganizationsAccess`;
    reply.writeHead(200, { 'content-type': 'text/xml' });
    reply.end(
      `<${name}Response xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><${name}Result>${status}</${name}Result></${name}Response>`,
    );
  }

  async #refusesPolicy({ PolicyId }: { readonly PolicyId: string }): Promise<Refusal | null> {
    const { Policy } = (await this.organizations('DescribePolicy', { PolicyId })) as {
      readonly Policy: { readonly PolicySummary: { readonly Type: string } };
    };
    const { Roots } = (await this.organizations('ListRoots', {})) as {
      readonly Roots: readonly { readonly PolicyTypes: readonly { readonly Type: string; readonly Status: string }[] }[];
    };
    const { Type } = Policy.PolicySummary;
    const isOn = Roots[0]?.PolicyTypes.some((one) => one.Type === Type && one.Status === 'ENABLED') === true;
    return isOn
      ? null
      : {
          name: 'PolicyTypeNotEnabledException',
          message: `This operation can be performed only for enabled policy types: ${Type} is not enabled`,
        };
  }
}
