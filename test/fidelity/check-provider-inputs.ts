import { version } from '@pulumi/aws/package.json';

import { SIGNATURE } from '../../sandbox/recording-monitor';

import { setting, type Checker } from './findings';
import { ownInputs, type ProviderInput } from './provider-types';

/** Inputs that the typings of `@pulumi/aws` do not have, or call deprecated. */
export const providerInputs: Checker = {
  name: `typings of @pulumi/aws ${version}`,
  unit: 'inputs',
  check: ({ resources }, refuse) => {
    let count = 0;
    for (const resource of resources) {
      const check = (value: unknown, inputs: ReadonlyMap<string, ProviderInput>, path: string): void => {
        if (Array.isArray(value)) return value.forEach((item) => check(item, inputs, path));
        if (typeof value !== 'object' || value === null || SIGNATURE in value) return;
        for (const [key, item] of Object.entries(value)) {
          count += 1;
          const input = inputs.get(key);
          const at = `${resource.type} ${path}${key}`;
          if (!input) refuse(resource, `${at} is no input`);
          else if (input.deprecated !== null) refuse(resource, `${at} is deprecated: ${input.deprecated}`);
          else if (input.nested) check(item, input.nested, `${path}${key}.`);
        }
      };
      check(resource.inputs, ownInputs(resource.type), '');
    }
    return count;
  },
  plants: [
    setting('aws:sqs/queue:Queue', 'colour', { to: 'red', seen: 'colour is no input' }),
    setting('aws:lambda/function:Function', 'loggingConfig.colour', { to: 'red', seen: 'loggingConfig.colour is no input' }),
    setting('aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration', 'rules.0.prefix', {
      to: 'a/',
      seen: 'rules.prefix is deprecated',
    }),
    setting('aws:s3/bucket:Bucket', 'acl', { to: 'private', seen: 'acl is deprecated' }),
    setting('aws:s3/bucket:Bucket', 'versioning', { to: { enabled: true }, seen: 'versioning is deprecated' }),
  ],
};
