import { Logger } from '@aws-lambda-powertools/logger';

import { powertoolsLog, withKeys } from '../../../lambda/common/log';
import { recordingLog } from '../fixtures/invocation';

test('keys stand on every line of their log and on no line of another', () => {
  const { log, lines } = recordingLog();
  const first = withKeys(log, { order_id: 'order-0001' });
  const second = withKeys(log, { order_id: 'order-0002' });

  first.info('stored', { duration_ms: 3 });
  second.warn('failed');
  first.error('failed');
  log.info('done');

  expect(lines).toEqual([
    { level: 'info', message: 'stored', fields: { order_id: 'order-0001', duration_ms: 3 } },
    { level: 'warn', message: 'failed', fields: { order_id: 'order-0002' } },
    { level: 'error', message: 'failed', fields: { order_id: 'order-0001' } },
    { level: 'info', message: 'done', fields: {} },
  ]);
});

test.each(['info', 'warn', 'error'] as const)('%s is written by Powertools as one line of JSON', (level) => {
  const written: string[] = [];
  const keep = (text: string | Uint8Array) => written.push(String(text)) > 0;
  jest.spyOn(process.stdout, 'write').mockImplementation(keep);
  jest.spyOn(process.stderr, 'write').mockImplementation(keep);

  powertoolsLog(new Logger({ serviceName: 'orders' }))[level]('order stored', { order_id: 'order-0001' });
  jest.restoreAllMocks();

  expect(written.map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({ level: level.toUpperCase(), message: 'order stored', service: 'orders', order_id: 'order-0001' }),
  ]);
});

test.each(['info', 'warn', 'error'] as const)('%s needs no fields', (level) => {
  const logger = new Logger();
  const written = jest.spyOn(logger, level).mockImplementation(() => undefined);

  powertoolsLog(logger)[level]('done');

  expect(written.mock.calls).toEqual([['done', {}]]);
});
