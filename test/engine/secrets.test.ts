import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import type { FleetRunner } from '../cli/fleet-runner';
import { drive, rollOut } from '../cli/sandbox-fleet';

import { pulumiFleet } from './pulumi-fleet';
import { describeWithEngine } from '../helpers/engine-tier';

describeWithEngine('secrets on the real engine', () => {
  const CANARIES = {
    ORDER_HOOK: 'https://hooks.example.com/canary-config-8d21',
    PULUMI_CONFIG_PASSPHRASE: 'canary-passphrase-77aa',
    AWS_SECRET_ACCESS_KEY: 'canary-credential-19f0',
    UNRELATED_TOKEN: 'canary-unrelated-5b5b',
  };
  const environment = { ...process.env };

  let fleet: FleetRunner;

  beforeEach(async () => {
    fleet = await pulumiFleet(1);
    fleet.configure((config) => (config.alerts = { critical: [{ https: { env: 'ORDER_HOOK' } }] }));
    Object.assign(process.env, CANARIES);
  });
  afterEach(() => {
    process.env = { ...environment };
    fleet.remove();
  });

  /** Every file of the fleet, its state, its simulated world and its backend, that holds a secret in plain. */
  function leaks(): readonly string[] {
    return fleet.files().flatMap((file) => {
      const text = readFileSync(join(fleet.directory, file), 'utf8');
      return Object.entries(CANARIES).flatMap(([name, secret]) => (text.includes(secret) ? [`${name} in ${file}`] : []));
    });
  }

  /** Looks through the machine's processes until it is told to stop; gives what of the secrets they were started with. */
  function watchProcesses(): () => readonly string[] {
    const found = new Set<string>();
    let looked = 0;
    const look = () => {
      for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
        const read = (file: string) => {
          try {
            return readFileSync(`/proc/${pid}/${file}`, 'latin1');
          } catch {
            return '';
          }
        };
        const [line, variables] = [read('cmdline'), read('environ')];
        // The fleet itself is told of its secrets by its environment; what it starts is not.
        const isStarted = /target-main|\/pulumi\0/.test(line);
        looked += isStarted ? 1 : 0;
        for (const [name, secret] of Object.entries(CANARIES)) {
          if (line.includes(secret)) found.add(`${name} in a command line`);
          // The CLI needs credentials and passphrase, and has no other way to be told them.
          if (isStarted && ['ORDER_HOOK', 'UNRELATED_TOKEN'].includes(name) && variables.includes(secret))
            found.add(`${name} in an environment`);
        }
      }
    };
    const timer = setInterval(look, 20);
    return () => {
      clearInterval(timer);
      expect(looked).toBeGreaterThan(0);
      return [...found];
    };
  }

  test('no process that the engine starts is started with a secret of configuration, nor told of one in its command line', async () => {
    const stop = watchProcesses();
    expect((await rollOut(fleet, '--verbose')).exitCode).toBe(0);
    expect(stop()).toEqual([]);
  }, 120_000);

  test('no secret of configuration or environment reaches a line, an event, a report or a file, when all goes well and when it fails', async () => {
    const well = await rollOut(fleet, '--verbose');
    expect([well.exitCode, well.report.counts]).toMatchObject([0, { succeeded: 3 }]);
    const shown = await fleet.run('show', 'foundation/100000000002/eu-west-1', '--json');
    expect(shown.out.join('\n')).toContain('sns/topicSubscription');
    fleet.plant({ target: 'foundation/**', kind: 'update-fails' }, { target: 'foundation/**', kind: 'create-fails' });
    process.env.ORDER_HOOK = CANARIES.ORDER_HOOK = 'https://hooks.example.com/canary-config-changed';
    fleet.configure(
      (config) => (config.alerts = { critical: [{ https: { env: 'ORDER_HOOK' } }], warning: [{ https: { env: 'ORDER_HOOK' } }] }),
    );
    // Another value waits for a person.
    expect((await rollOut(fleet, '--verbose')).exitCode).toBe(3);
    expect((await fleet.run('approve')).exitCode).toBe(0);
    const badly = await drive(fleet, ['resume', '--verbose']);
    expect(badly.report.counts).toMatchObject({ failed: 1 });

    const lines = [well, shown, badly].flatMap(({ out, err }) => [...out, ...err]).join('\n');
    expect(lines).not.toContain('canary');
    expect(leaks()).toEqual([]);
  }, 120_000);
});
