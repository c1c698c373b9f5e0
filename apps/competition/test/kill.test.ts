import { beforeAll, describe, expect, test } from 'vitest';

import { type StoppedRun, trainWithStops } from './cli/kill-and-resume.ts';

// SAMEQUESTION_KILLS asks for more, such as 200; the bench `kill` of the app does as many by default.
const kills = Number(process.env['SAMEQUESTION_KILLS'] ?? 2);

describe('a run of `samequestion train` that is stopped and resumed', { timeout: 120_000 + kills * 20_000 }, () => {
  let whole: StoppedRun;
  beforeAll(async () => {
    whole = await trainWithStops({ stops: 0, seed: 0, signal: 'SIGKILL' });
  }, 120_000);

  test(`ends with the same bytes after ${kills} kill -9`, async () => {
    let done = 0;
    for (let seed = 1; done < kills; seed++) {
      const killed = await trainWithStops({ stops: Math.min(8, kills - done), seed, signal: 'SIGKILL' });
      expect([killed.model, killed.state]).toEqual([whole.model, whole.state]);
      expect(killed.stops).toBeGreaterThan(0);
      done += killed.stops;
    }
  });

  test('writes a checkpoint, says how to go on and exits with 130 after SIGINT and SIGTERM, and ends with the same bytes', async () => {
    const signals = ['SIGINT', 'SIGTERM'] as const;
    const runs = await Promise.all(signals.map((signal) => trainWithStops({ stops: 1, seed: 4, signal })));
    for (const { model, state, codes } of runs) {
      expect([model, state]).toEqual([whole.model, whole.state]);
      expect(codes).toEqual([130]);
    }
  });
});
