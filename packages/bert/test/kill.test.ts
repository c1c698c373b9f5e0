import { expect, it } from 'vitest';
import { runWithKills } from './kill/kill-and-resume.ts';

// SAMEQUESTION_KILLS asks for more, such as 200; the bench `kill` does as many by default.
const kills = Number(process.env['SAMEQUESTION_KILLS'] ?? 3);

it(`${kills} kills of a run leave its final weights the same, bit for bit`, { timeout: 60_000 + kills * 20_000 }, async () => {
  const whole = await runWithKills(0, 1);
  let done = 0;
  for (let seed = 1; done < kills; seed++) {
    const killed = await runWithKills(Math.min(8, kills - done), seed);
    expect(killed.hash).toBe(whole.hash);
    expect(killed.kills).toBeGreaterThan(0);
    done += killed.kills;
  }
});
