import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  type DoneEvent,
  type StepEvent,
  type TrainEvent,
  type TrainOptions,
  createConfig,
  createTfjsEngine,
  initialiseParameters,
  readRunCheckpoint,
  train,
} from '@samequestion/bert';
import { pairs, tiny } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'bert-train-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const engine = createTfjsEngine({ backend: 'cpu' });
const withDropout = createConfig({ ...tiny, hidden_dropout_prob: 0.1, attention_probs_dropout_prob: 0.2 });

function options(more: Partial<TrainOptions> = {}): TrainOptions {
  const config = more.config ?? withDropout;
  return {
    engine,
    config,
    parameters: initialiseParameters(config, { seed: 1 }),
    pairs: pairs(12),
    limit: { epochs: 2 },
    seed: 3,
    batchSize: 4,
    learningRate: 1e-3,
    ...more,
  };
}

async function runToEnd(more: Partial<TrainOptions>, until = Number.POSITIVE_INFINITY): Promise<TrainEvent[]> {
  const events: TrainEvent[] = [];
  for await (const event of train(options(more))) {
    events.push(event);
    if (event.event === 'step' && event.step >= until) break;
  }
  return events;
}

const stepsOf = (events: readonly TrainEvent[]): StepEvent[] => events.filter((event): event is StepEvent => event.event === 'step');
const lastOf = (events: readonly TrainEvent[]): DoneEvent => events.at(-1) as DoneEvent;

describe('train', () => {
  it('overfits eight pairs', async () => {
    const events = await runToEnd({
      config: tiny,
      pairs: pairs(8),
      batchSize: 8,
      limit: { steps: 80 },
      learningRate: 8e-3,
      decay: 'constant',
      optimizer: { weightDecay: 0 },
    });
    expect(stepsOf(events).at(-1)?.loss).toBeLessThan(0.01);
  });

  it('gives the same numbers twice', async () => {
    const [first, second] = [await runToEnd({}), await runToEnd({})];
    expect(stepsOf(first).map(({ loss }) => loss)).toEqual(stepsOf(second).map(({ loss }) => loss));
    expect(lastOf(first).parameters).toEqual(lastOf(second).parameters);
  });

  it('goes on from a checkpoint to the same weights, bit for bit', async () => {
    const more: Partial<TrainOptions> = {
      evaluationPairs: pairs(6, 99),
      evaluateEvery: 2,
      averageDecay: 0.9,
      symmetric: true,
      partSize: 3,
      limit: { steps: 7 },
    };
    const whole = await runToEnd({ ...more, checkpoints: { folder: join(folder, 'whole'), every: 2 } });
    for (const stop of [1, 2, 3, 4, 5, 6]) {
      const checkpoints = { folder: join(folder, `stopped-${stop}`), every: 2 };
      await runToEnd({ ...more, checkpoints }, stop);
      const resume = await readRunCheckpoint(checkpoints.folder);
      expect(resume?.trainer.step).toBe(2 * Math.floor((stop - 1) / 2));
      const rest = await runToEnd({ ...more, checkpoints, parameters: {}, ...(resume === undefined ? {} : { resume }) });
      expect(lastOf(rest).parameters).toEqual(lastOf(whole).parameters);
      expect(lastOf(rest).best).toEqual(lastOf(whole).best);
    }
  });
});
