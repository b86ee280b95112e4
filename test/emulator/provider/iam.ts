import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListRoleTagsCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';

import type { AwsType } from './aws-type';
import { retag, tagList, tagMap, tagsOf } from './tags';
import { differs, known, orGone, textOf, toAws } from './wording';

export const role: AwsType = {
  type: 'aws:iam/role:Role',
  async create({ inputs }, { clients: { iam } }) {
    const { name, path, permissionsBoundary, description, maxSessionDuration } = inputs;
    await iam.send(
      new CreateRoleCommand({
        RoleName: String(name),
        AssumeRolePolicyDocument: textOf(inputs, 'assumeRolePolicy'),
        ...toAws<object>(known({ path, permissionsBoundary, description, maxSessionDuration })),
        Tags: tagList(tagsOf(inputs)),
      }),
    );
    return String(name);
  },
  async update(standing, { clients: { iam } }) {
    const { id: RoleName, inputs } = standing;
    if (differs(standing, ['assumeRolePolicy']))
      await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: textOf(inputs, 'assumeRolePolicy') }));
    if (differs(standing, ['permissionsBoundary'])) {
      const PermissionsBoundary = textOf(inputs, 'permissionsBoundary');
      await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary }));
    }
    await retag(standing, {
      remove: (TagKeys) => iam.send(new UntagRoleCommand({ RoleName, TagKeys })),
      set: (tags) => iam.send(new TagRoleCommand({ RoleName, Tags: tagList(tags) })),
    });
  },
  async read({ id: RoleName }, { clients: { iam } }) {
    const answer = await orGone(iam.send(new GetRoleCommand({ RoleName })));
    if (!answer?.Role) return undefined;
    const { AssumeRolePolicyDocument = '', Path, PermissionsBoundary, Arn, RoleId, MaxSessionDuration } = answer.Role;
    const { Tags } = await iam.send(new ListRoleTagsCommand({ RoleName }));
    return known({
      assumeRolePolicy: decodeURIComponent(AssumeRolePolicyDocument),
      path: Path,
      permissionsBoundary: PermissionsBoundary?.PermissionsBoundaryArn,
      maxSessionDuration: MaxSessionDuration,
      tags: tagMap(Tags),
      name: RoleName,
      arn: Arn,
      uniqueId: RoleId,
    });
  },
  async delete({ id: RoleName }, { clients: { iam } }) {
    await orGone(iam.send(new DeleteRoleCommand({ RoleName })));
  },
};

/** Id: `role:policy`. */
export const rolePolicy: AwsType = {
  type: 'aws:iam/rolePolicy:RolePolicy',
  async create({ inputs }, { clients: { iam } }) {
    const [RoleName = '', PolicyName = '', PolicyDocument = ''] = ['role', 'name', 'policy'].map((name) => textOf(inputs, name));
    await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument }));
    return `${RoleName}:${PolicyName}`;
  },
  async update(standing, call) {
    await this.create(standing, call);
  },
  async read({ id }, { clients: { iam } }) {
    const [RoleName = '', PolicyName = ''] = id.split(':');
    const answer = await orGone(iam.send(new GetRolePolicyCommand({ RoleName, PolicyName })));
    return answer && { role: RoleName, name: PolicyName, policy: decodeURIComponent(answer.PolicyDocument ?? '') };
  },
  async delete({ id }, { clients: { iam } }) {
    const [RoleName = '', PolicyName = ''] = id.split(':');
    await orGone(iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName })));
  },
};
