import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { accountIdSchema, regionSchema } from '../../../contracts/ids';
import { openAwsDoor } from '../../../fleet/doctor/aws-door';
import { ManualClock } from '../state/manual-clock';

/** STS as an address that does not answer, or answers with an error. */
let server: Server;
let arrived: Promise<void>;
let answer: string | null;
beforeEach(async () => {
  answer = null;
  await new Promise<void>((listening) => {
    arrived = new Promise((come) => {
      server = createServer((_request, response) => {
        come();
        if (answer === null) return;
        response.writeHead(403, { 'content-type': 'text/xml' });
        response.end(answer);
      }).listen(0, '127.0.0.1', listening);
    });
  });
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const door = (clock: ManualClock) =>
  openAwsDoor({
    homeRegion: regionSchema.parse('eu-west-1'),
    deployRole: 'fleet/deploy',
    clock,
    credentials: { accessKeyId: 'AKIA', secretAccessKey: 'canary-secret' },
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  });

test('AWS that does not answer is given up after 10 s', async () => {
  const clock = new ManualClock();
  const caller = door(clock).caller();
  caller.catch(() => undefined);
  await arrived;
  await clock.pass(10_000);

  await expect(caller).rejects.toMatchObject({
    code: 'aws/TimeoutError',
    message: "sts:GetCallerIdentity failed: no answer within 10 s; see to this machine's way to AWS, and try again",
  });
});

test('a role that is not answered for is given up after 30 s', async () => {
  const clock = new ManualClock();
  const confirmed = door(clock).confirm(accountIdSchema.parse('111111111111'));
  confirmed.catch(() => undefined);
  await arrived;
  await clock.pass(30_000);

  await expect(confirmed).rejects.toMatchObject({ code: 'aws/TimeoutError' });
});

test('what AWS says of credentials is the code, and leaves no timer', async () => {
  answer = '<ErrorResponse><Error><Code>ExpiredToken</Code><Message>The token has expired</Message></Error></ErrorResponse>';
  const clock = new ManualClock();

  await expect(door(clock).caller()).rejects.toMatchObject({
    code: 'aws/ExpiredToken',
    message: 'sts:GetCallerIdentity failed: The token has expired; set or renew the AWS credentials of this environment',
  });
  expect(clock.sleeping).toBe(0);
});
