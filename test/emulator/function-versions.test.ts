import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  LambdaClient,
  PublishVersionCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';

import { accountIdSchema, regionSchema } from '../../contracts/ids';
import { targetAt } from '../../contracts/target';
import { accountClients } from '../../fleet/aws/account-clients';
import type { FunctionVersions } from '../../fleet/ports';
import { systemClock } from '../../fleet/system-clock';
import { openLambdaVersions } from '../../fleet/versions/lambda-function-versions';
import { versionsToRemove } from '../../fleet/versions/versions-to-remove';
import { describeWithMoto } from '../helpers/engine-tier';

import { motoServer } from './moto-server';
import { zipFolder } from './provider/zip-folder';

/** What `fleet prune` asks of Lambda, in moto. moto deletes a version that an alias names, where AWS refuses: the adapter's own tests have that. */
describeWithMoto('versions of functions in an emulated AWS', () => {
  const endpoint = motoServer();
  const home = regionSchema.parse('eu-west-1');
  const target = targetAt({ layer: 'regional', account: accountIdSchema.parse('200000000001'), region: home });
  const other = targetAt({ layer: 'regional', account: accountIdSchema.parse('200000000002'), region: home });
  const functionName = 'orders-order';
  let versions: FunctionVersions;
  let close: () => void;

  beforeAll(async () => {
    const credentials = { accessKeyId: 'AKIABASE', secretAccessKey: 'secret' };
    const options = { homeRegion: home, clock: systemClock, endpoint: endpoint(), credentials, maxAttempts: 1, role: 'fleet/deploy' };
    versions = openLambdaVersions(options);
    const asked = { ...options, sessionName: 'test' };
    const lambdas = accountClients((settings) => new LambdaClient(settings), asked);
    const roles = accountClients((settings) => new IAMClient(settings), asked);
    close = () => [lambdas, roles].forEach((clients) => clients.close());
    for (const [place, count] of [
      [target, 60],
      [other, 1],
    ] as const)
      await publish({ lambda: lambdas.at(place), iam: roles.at(place) }, count);
    await lambdas.at(target).send(new CreateAliasCommand({ FunctionName: functionName, Name: 'previous', FunctionVersion: '58' }));
    await lambdas.at(target).send(
      new CreateAliasCommand({
        FunctionName: functionName,
        Name: 'live',
        FunctionVersion: '59',
        RoutingConfig: { AdditionalVersionWeights: { '60': 0.1 } },
      }),
    );
  }, 60_000);
  afterAll(async () => {
    close();
    await versions.close();
  });

  /** A function with so many versions, more than one page of them. */
  async function publish({ lambda, iam }: { readonly lambda: LambdaClient; readonly iam: IAMClient }, count: number): Promise<void> {
    const trust = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }] }; // prettier-ignore
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName: 'orders', AssumeRolePolicyDocument: JSON.stringify(trust) }));
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName: functionName,
        Role: Role?.Arn,
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Code: { ZipFile: zipFolder(__dirname + '/../../lambda/order') },
      }),
    );
    for (let version = 1; version <= count; version += 1) {
      await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: functionName, Description: `bundle ${version}` }));
      await lambda.send(new PublishVersionCommand({ FunctionName: functionName, Description: `bundle ${version}` }));
    }
  }

  test('are all found with their aliases, and those that nothing needs are deleted, in that account alone', async () => {
    const of = { target, functionName };
    const found = await versions.look(of);
    const numbers = Array.from({ length: 60 }, (_, index) => String(index + 1));
    expect(found.published).toEqual(numbers);
    expect([...found.aliases].sort((one, two) => (one.name < two.name ? -1 : 1))).toEqual([
      { name: 'live', versions: ['59', '60'] },
      { name: 'previous', versions: ['58'] },
    ]);

    const needed = found.aliases.flatMap((alias) => alias.versions.map((version) => ({ version, by: alias.name })));
    const { remove } = versionsToRemove(found.published, { needed, keep: 3 });
    expect(remove).toEqual(numbers.slice(0, 57));
    for (const version of remove) await versions.remove(of, version);
    await versions.remove(of, '1');

    expect((await versions.look(of)).published).toEqual(['58', '59', '60']);
    expect((await versions.look({ target: other, functionName })).published).toEqual(['1']);
  }, 60_000);

  test('of a function that is not there are told as such', async () => {
    await expect(versions.look({ target, functionName: 'orders-other' })).rejects.toMatchObject({
      code: 'aws/ResourceNotFoundException',
      message: expect.stringContaining('orders-other in 200000000001 eu-west-1') as string,
    });
  });
});
