import { DeleteFunctionCommand, LambdaClient, ListAliasesCommand, ListVersionsByFunctionCommand } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';

import { accountIdSchema, regionSchema } from '../../../contracts/ids';
import { targetAt } from '../../../contracts/target';
import { lambdaVersions } from '../../../fleet/versions/lambda-function-versions';

const lambda = mockClient(LambdaClient);
const target = targetAt({ layer: 'regional', account: accountIdSchema.parse('200000000001'), region: regionSchema.parse('eu-west-1') });
const of = { target, functionName: 'orders-order' };
const FunctionName = 'orders-order';
const refused = (name: string, message: string) => Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 409 } });

describe('versions in Lambda', () => {
  const asked: string[] = [];
  const versions = lambdaVersions({
    role: 'fleet/deploy',
    at: ({ account, region }) => {
      asked.push(`${account} ${region}`);
      return new LambdaClient({ region });
    },
    close: () => void asked.push('closed'),
  });

  beforeEach(() => {
    asked.length = 0;
    lambda.reset();
  });

  test('are read page by page, in the account and region of the target, in the order of their numbers', async () => {
    lambda
      .on(ListVersionsByFunctionCommand, { FunctionName })
      .resolves({ Versions: [{ Version: '$LATEST' }, { Version: '10' }], NextMarker: 'more' })
      .on(ListVersionsByFunctionCommand, { FunctionName, Marker: 'more' })
      .resolves({ Versions: [{ Version: '9' }, {}] })
      .on(ListAliasesCommand, { FunctionName })
      .resolves({
        Aliases: [{ Name: 'live', FunctionVersion: '9', RoutingConfig: { AdditionalVersionWeights: { '10': 0.1 } } }],
        NextMarker: 'more',
      })
      .on(ListAliasesCommand, { FunctionName, Marker: 'more' })
      .resolves({ Aliases: [{ Name: 'previous', FunctionVersion: '8' }] });

    expect(await versions.look(of)).toEqual({
      published: ['9', '10'],
      aliases: [
        { name: 'live', versions: ['9', '10'] },
        { name: 'previous', versions: ['8'] },
      ],
    });
    expect(asked).toEqual(['200000000001 eu-west-1']);
  });

  test('are deleted one by one, by their number', async () => {
    lambda.on(DeleteFunctionCommand).resolves({});
    await versions.remove(of, '7');

    expect(lambda.commandCalls(DeleteFunctionCommand).map(({ args }) => args[0].input)).toEqual([{ FunctionName, Qualifier: '7' }]);
  });

  test.each(['', '$LATEST', 'live', '7 '])('%j is no version: without one the function itself would be deleted', async (version) => {
    await expect(versions.remove(of, version)).rejects.toThrow(/nothing is deleted/);
    expect(lambda.calls()).toEqual([]);
  });

  test('that are gone already are gone', async () => {
    lambda.on(DeleteFunctionCommand).rejects(refused('ResourceNotFoundException', 'Function not found'));

    await expect(versions.remove(of, '7')).resolves.toBeUndefined();
  });

  test('that AWS does not delete, and functions that it does not show, are told with its own words', async () => {
    lambda.on(DeleteFunctionCommand).rejects(refused('ResourceConflictException', 'an alias points to it'));
    lambda.on(ListVersionsByFunctionCommand).rejects(refused('AccessDeniedException', 'not authorized'));

    await expect(versions.remove(of, '7')).rejects.toMatchObject({
      code: 'aws/ResourceConflictException',
      message: expect.stringMatching(
        /^lambda:DeleteFunction of orders-order in 200000000001 eu-west-1 failed: an alias points to it; /,
      ) as string,
    });
    await expect(versions.look(of)).rejects.toMatchObject({
      code: 'aws/AccessDeniedException',
      message: expect.stringMatching(/^lambda:ListVersionsByFunction of orders-order .* failed: not authorized; .*deploy role/) as string,
    });
  });

  test('close with their clients', async () => {
    await versions.close();
    expect(asked).toEqual(['closed']);
  });
});
