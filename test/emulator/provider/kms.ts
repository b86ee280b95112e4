import {
  CreateAliasCommand,
  CreateKeyCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  EnableKeyRotationCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  ListAliasesCommand,
  ListResourceTagsCommand,
  PutKeyPolicyCommand,
  ScheduleKeyDeletionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAliasCommand,
  type Tag,
} from '@aws-sdk/client-kms';

import type { AwsType } from './aws-type';
import { retag, tagsOf, type TagMap } from './tags';
import { differs, orGone, textOf } from './wording';

export const key: AwsType = {
  type: 'aws:kms/key:Key',
  async create({ inputs }, { clients: { kms } }) {
    const policy = inputs.policy as string | undefined;
    const made = await kms.send(
      new CreateKeyCommand({
        Description: textOf(inputs, 'description'),
        ...(policy !== undefined && { Policy: policy }),
        Tags: kmsTags(tagsOf(inputs)),
      }),
    );
    const KeyId = made.KeyMetadata?.KeyId ?? '';
    if (inputs.enableKeyRotation === true) await kms.send(new EnableKeyRotationCommand({ KeyId }));
    return KeyId;
  },
  async update(standing, { clients: { kms } }) {
    const { id: KeyId, inputs } = standing;
    if (differs(standing, ['policy']))
      await kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName: 'default', Policy: textOf(inputs, 'policy') }));
    await retag(standing, {
      remove: (TagKeys) => kms.send(new UntagResourceCommand({ KeyId, TagKeys })),
      set: (tags) => kms.send(new TagResourceCommand({ KeyId, Tags: kmsTags(tags) })),
    });
  },
  async read({ id: KeyId }, { clients: { kms } }) {
    const answer = await orGone(kms.send(new DescribeKeyCommand({ KeyId })));
    const { Description, Arn, KeyState } = answer?.KeyMetadata ?? {};
    if (!Arn || KeyState === 'PendingDeletion') return undefined;
    const { Policy } = await kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' }));
    const { KeyRotationEnabled } = await kms.send(new GetKeyRotationStatusCommand({ KeyId }));
    const { Tags = [] } = await kms.send(new ListResourceTagsCommand({ KeyId }));
    return {
      description: Description,
      policy: Policy,
      enableKeyRotation: KeyRotationEnabled,
      tags: Object.fromEntries(Tags.map(({ TagKey = '', TagValue = '' }) => [TagKey, TagValue])),
      arn: Arn,
      keyId: KeyId,
    };
  },
  async delete({ id: KeyId, inputs }, { clients: { kms } }) {
    const PendingWindowInDays = Number(inputs.deletionWindowInDays ?? 30);
    await orGone(kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays })));
  },
};

export const keyAlias: AwsType = {
  type: 'aws:kms/alias:Alias',
  async create({ inputs }, { clients: { kms } }) {
    const AliasName = textOf(inputs, 'name');
    await kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: textOf(inputs, 'targetKeyId') }));
    return AliasName;
  },
  async update({ id, inputs }, { clients: { kms } }) {
    await kms.send(new UpdateAliasCommand({ AliasName: id, TargetKeyId: textOf(inputs, 'targetKeyId') }));
  },
  async read({ id }, { clients: { kms } }) {
    const { Aliases = [] } = await kms.send(new ListAliasesCommand({}));
    const found = Aliases.find(({ AliasName }) => AliasName === id);
    if (!found) return undefined;
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: found.TargetKeyId ?? '' }));
    return { name: id, arn: found.AliasArn, targetKeyId: found.TargetKeyId, targetKeyArn: KeyMetadata?.Arn };
  },
  async delete({ id }, { clients: { kms } }) {
    await orGone(kms.send(new DeleteAliasCommand({ AliasName: id })));
  },
};

function kmsTags(tags: TagMap): Tag[] {
  return Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
}
