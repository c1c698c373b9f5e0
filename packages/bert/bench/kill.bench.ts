import type { Bench } from '../../../tools/bench-types.ts';
import { runWithKills } from '../test/kill/kill-and-resume.ts';

const KILLS = 200;

export const bench: Bench = {
  name: 'kill',
  about: `${KILLS} random kill -9 of a tiny training run with dropout, averages, parts and evaluation, each gone on with; SHA-256 of the final weights against the uninterrupted run.`,
  run: async (report) => {
    const { hash } = await runWithKills(0, 1);
    let kills = 0;
    let runs = 0;
    let equal = 0;
    for (let seed = 1; kills < KILLS; seed++) {
      const killed = await runWithKills(Math.min(8, KILLS - kills), seed);
      kills += killed.kills;
      runs++;
      if (killed.hash === hash) equal++;
    }
    report({ name: 'kills', value: kills, unit: 'kills', note: `over ${runs} runs` });
    report({ name: 'runs with equal final weights', value: equal, unit: 'runs', baseline: 'runs', ratio: equal / runs, note: hash });
  },
};
