import { accountIdSchema, regionSchema } from '../../../contracts/ids';
import { awsLetterClients } from '../../../fleet/dead-letters/aws-letter-clients';
import { FakeClock } from '../engine/sandbox/test-sandbox';

const ireland = regionSchema.parse('eu-west-1');
const virginia = regionSchema.parse('us-east-1');
const account = accountIdSchema.parse('111111111111');

test('each account and region has clients of its own, made once', async () => {
  const clients = awsLetterClients({ deployRole: 'fleet/deploy', homeRegion: ireland, clock: new FakeClock() });
  const here = clients.at({ account, region: ireland });
  const abroad = clients.at({ account, region: virginia });

  expect(clients.at({ account, region: ireland })).toBe(here);
  expect(await Promise.all([here.s3, here.sqs, abroad.s3, abroad.sqs].map((client) => client.config.region()))).toEqual([ireland, ireland, virginia, virginia]); // prettier-ignore
  clients.close();
});

test('a queue is asked where the environment says that SQS is, not at the host of its URL', () => {
  const clients = awsLetterClients({ deployRole: 'fleet/deploy', homeRegion: ireland, clock: new FakeClock() });

  expect(clients.at({ account, region: ireland }).sqs.config.useQueueUrlAsEndpoint).toBe(false);
  clients.close();
});
