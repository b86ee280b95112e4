import { GetRoleCommand, type IAMClient } from '@aws-sdk/client-iam';

import { sdkErrorName } from './sdk-error';

/** The unique id of a role of the caller's account by its name; null: there is none, or these credentials may not ask. */
export async function roleId(iam: Pick<IAMClient, 'send'>, name: string): Promise<string | null> {
  try {
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: name }));
    return Role?.RoleId ?? null;
  } catch (cause) {
    if (['NoSuchEntity', 'NoSuchEntityException', 'AccessDenied', 'AccessDeniedException', 'ValidationError'].includes(sdkErrorName(cause)))
      return null;
    throw cause;
  }
}
