import { whereAllowed } from '../../../fleet/commands/where-allowed';
import type { Message } from '../../../fleet/ports';

const refusal = Object.assign(new Error('EROFS: read-only file system'), { code: 'EROFS' });

test('what may not be kept is told once and not tried again', async () => {
  const told: Message[] = [];
  const keeping = whereAllowed('costs are not kept', { reporter: { report: (message) => told.push(message) } });
  let tries = 0;
  const write = () => {
    tries += 1;
    return Promise.reject(refusal);
  };

  expect([await keeping(write), await keeping(write), tries]).toEqual([undefined, undefined, 1]);
  expect(told).toEqual([
    { level: 'warning', code: 'not-kept', message: 'costs are not kept: EROFS: read-only file system', data: { reason: refusal.message } },
  ]);
});

test('what is allowed is done, and what fails otherwise fails', async () => {
  const keeping = whereAllowed('costs are not kept', { reporter: { report: () => undefined } });

  expect(await keeping(() => Promise.resolve(1))).toBe(1);
  await expect(keeping(() => Promise.reject(new Error('disk full')))).rejects.toThrow('disk full');
  await expect(keeping(() => Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC' })))).rejects.toThrow('full');
});
