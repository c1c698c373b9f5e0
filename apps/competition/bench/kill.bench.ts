import type { Bench } from '../../../tools/bench-types.ts';
import { trainWithStops } from '../test/cli/kill-and-resume.ts';

// SAMEQUESTION_KILLS asks for another number.
const wanted = Number(process.env['SAMEQUESTION_KILLS'] ?? 200);
const firstSeed = Number(process.env['SAMEQUESTION_FIRST_SEED'] ?? 1);
const stopsPerRun = 8;

export const bench: Bench = {
  name: 'kill-command-line',
  about: `${wanted} kill -9 of \`samequestion train\` at random moments, each followed by --resume: SHA-256 of model.safetensors and of the last state against the uninterrupted run.`,
  run: async (report) => {
    const whole = await trainWithStops({ stops: 0, seed: 0, signal: 'SIGKILL' });
    const sum = { kills: 0, whileTraining: 0, runs: 0, equal: 0 };
    for (let seed = firstSeed; sum.kills < wanted; seed++) {
      const killed = await trainWithStops({ stops: Math.min(stopsPerRun, wanted - sum.kills), seed, signal: 'SIGKILL' });
      sum.kills += killed.stops;
      sum.whileTraining += killed.whileTraining;
      sum.runs++;
      if (killed.model === whole.model && killed.state === whole.state) sum.equal++;
    }
    report({ name: 'kills', value: sum.kills, unit: 'kills', note: `${sum.whileTraining} while it trained, the others while it started` });
    report({
      name: 'runs with equal bytes',
      value: sum.equal,
      unit: 'runs',
      baseline: 'runs',
      ratio: sum.equal / sum.runs,
      note: `${sum.runs} runs; model.safetensors ${whole.model}`,
    });
  },
};
