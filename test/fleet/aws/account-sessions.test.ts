import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';

import { accountIdSchema } from '../../../contracts/ids';
import { AccountSessions } from '../../../fleet/aws/account-sessions';

const MINUTE = 60_000;
const ACCOUNT = accountIdSchema.parse('200000000001');
const sts = mockClient(STSClient);
let now = 0;

const open = () =>
  new AccountSessions({
    sts: new STSClient({ region: 'eu-west-1' }),
    role: 'fleet/preview',
    sessionName: 'fleet-gates',
    clock: { now: () => new Date(now), sleep: async () => undefined },
  });
const assumed = () => sts.commandCalls(AssumeRoleCommand).length;

beforeEach(() => {
  sts.reset();
  now = 0;
  sts.on(AssumeRoleCommand).callsFake(() => ({
    Credentials: { AccessKeyId: `key-${assumed()}`, SecretAccessKey: 's', SessionToken: 't', Expiration: new Date(now + 60 * MINUTE) },
  }));
});

describe('AccountSessions', () => {
  test('keeps a session while it has more than five minutes left', async () => {
    const sessions = open();
    const first = await sessions.of(ACCOUNT);
    now = 55 * MINUTE - 1;

    expect(await sessions.of(ACCOUNT)).toBe(first);
    now = 55 * MINUTE;
    expect((await sessions.of(ACCOUNT)).expiration).toEqual(new Date(115 * MINUTE));
    expect(assumed()).toBe(2);
  });

  test('makes one session for all who ask at once, at first and when it ends', async () => {
    const sessions = open();

    await Promise.all([1, 2, 3].map(() => sessions.of(ACCOUNT)));
    now = 58 * MINUTE;
    const next = await Promise.all([1, 2, 3].map(() => sessions.of(ACCOUNT)));

    expect(assumed()).toBe(2);
    expect(new Set(next.map(({ accessKeyId }) => accessKeyId)).size).toBe(1);
  });

  test('gives a session that ends soon, where AWS makes no longer one, instead of asking for ever', async () => {
    sts.on(AssumeRoleCommand).resolves({
      Credentials: { AccessKeyId: 'k', SecretAccessKey: 's', SessionToken: 't', Expiration: new Date(MINUTE) },
    });

    expect((await open().of(ACCOUNT)).accessKeyId).toBe('k');
    expect(assumed()).toBe(1);
  });

  test('names the role that it could not assume, and tries again when asked again', async () => {
    const sessions = open();
    const denied = Object.assign(new Error('no trust'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
    const Credentials = { AccessKeyId: 'k', SecretAccessKey: 's', SessionToken: 't', Expiration: new Date(60 * MINUTE) };
    sts.on(AssumeRoleCommand).rejectsOnce(denied).resolves({ Credentials });

    await expect(sessions.of(ACCOUNT)).rejects.toMatchObject({
      code: 'aws/AccessDenied',
      message:
        'sts:AssumeRole of arn:aws:iam::200000000001:role/fleet/preview failed: no trust; see that the role is there (`fleet bootstrap` makes it in every member account) and trusts these credentials',
    });
    expect((await sessions.of(ACCOUNT)).secretAccessKey).toBe('s');
  });

  test('refuses an answer without credentials', async () => {
    sts.on(AssumeRoleCommand).resolves({});

    await expect(open().of(ACCOUNT)).rejects.toThrow('the answer has no credentials');
  });
});
