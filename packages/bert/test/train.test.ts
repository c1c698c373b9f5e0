import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import * as tf from '@tensorflow/tfjs';
import {
  type DoneEvent,
  type StepEvent,
  type TrainEvent,
  type TrainOptions,
  type TensorValues,
  type TokenInputs,
  ModelError,
  classify,
  collate,
  collateMasked,
  createConfig,
  createPredictor,
  createTfjsEngine,
  encode,
  initialiseParameters,
  predictTokens,
  readRunCheckpoint,
  train,
  wordRows,
} from '@samequestion/bert';
import { largestDifference, pairs, tensors, tiny } from './support.ts';

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

  it('logs the shares that were right: those of the highest scores', async () => {
    const batch = pairs(40).map((pair) => ({
      ...pair,
      masked: [
        { position: 1, id: pair.ids[1] ?? 0 },
        { position: 3, id: 5 },
      ],
    }));
    const start = (classifier: boolean): TensorValues =>
      initialiseParameters(tiny, { seed: 1, heads: { classifier, maskedLanguageModel: true } });
    const joint = await runToEnd({
      config: tiny,
      task: 'joint',
      parameters: start(true),
      pairs: batch,
      batchSize: 40,
      limit: { steps: 1 },
    });
    const masked = await runToEnd({
      config: tiny,
      task: 'masked-language-model',
      parameters: start(false),
      pairs: batch,
      batchSize: 40,
      limit: { steps: 1 },
    });
    const parameters = tensors(start(true));
    const expected = tf.tidy(() => {
      const inputs = tensors({ ...collate(batch, tiny), ...collateMasked(batch, collate(batch, tiny)['input_ids']?.shape[1] ?? 0, 1) });
      const tokens = { ids: inputs['input_ids'], sides: inputs['token_type_ids'], mask: inputs['attention_mask'] } as TokenInputs;
      const encoded = encode(parameters, wordRows(parameters, tokens.ids), tokens, tiny);
      const guesses = tf.argMax(predictTokens(parameters, encoded, inputs['masked_positions'] as tf.Tensor, tiny), 1).dataSync();
      const judgements = tf.argMax(classify(parameters, encoded, tokens, tiny), 1).dataSync();
      const hidden = batch.flatMap(({ masked: places = [] }) => places.map(({ id }) => id));
      const share = (right: readonly boolean[]): number => right.filter(Boolean).length / right.length;
      return {
        masked: share(hidden.map((id, index) => guesses[index] === id)),
        pairs: share(batch.map(({ label }, index) => judgements[index] === label)),
      };
    });
    expect(stepsOf(joint)[0]?.maskedAccuracy).toBeCloseTo(expected.masked, 6);
    expect(stepsOf(joint)[0]?.pairAccuracy).toBeCloseTo(expected.pairs, 6);
    expect(stepsOf(masked)[0]?.maskedAccuracy).toBeCloseTo(expected.masked, 6);
    for (const share of Object.values(expected)) expect([share > 0, share < 1]).toEqual([true, true]);
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

  it('learns from parts what it learns from the whole batch', async () => {
    const more: Partial<TrainOptions> = {
      config: tiny,
      averageDecay: 0.9,
      loss: { classWeights: [1, 3] },
      optimizer: { layerDecay: 0.9, frozenLayers: 0 },
      limit: { steps: 6 },
    };
    const [whole, parts] = [await runToEnd({ ...more, batchSize: 5 }), await runToEnd({ ...more, batchSize: 5, partSize: 2 })];
    const differences = Object.entries(lastOf(whole).parameters).map(([name, { data }]) =>
      largestDifference(data, lastOf(parts).parameters[name]?.data ?? []),
    );
    // Sums in another order, in float32, through six updates.
    expect(Math.max(...differences)).toBeLessThan(2e-6);
    stepsOf(whole).forEach(({ loss, gradientNorm }, index) => {
      expect(stepsOf(parts)[index]?.loss).toBeCloseTo(loss, 5);
      expect(stepsOf(parts)[index]?.gradientNorm).toBeCloseTo(gradientNorm, 4);
    });
  });

  it('pads to a multiple of tokens, and prepares masks for that', async () => {
    const events = await runToEnd({ padToMultipleOf: 16, limit: { steps: 3 } });
    expect(stepsOf(events).map(({ positions }) => positions)).toEqual([64, 64, 64]);
  });

  it('keeps the best weights and stops when they get no better', async () => {
    const events = await runToEnd({ evaluationPairs: pairs(6, 99), evaluateEvery: 1, patience: 3, limit: { steps: 60 } });
    const evaluations = events.filter((event) => event.event === 'evaluation');
    const { reason, step, best, parameters } = lastOf(events);
    expect(reason).toBe('early-stop');
    expect(best?.macroF1).toBe(Math.max(...evaluations.map(({ macroF1 }) => macroF1)));
    expect(step).toBe((best?.step ?? 0) + 3);
    const predictor = await createPredictor(engine, withDropout, parameters);
    expect((await predictor.evaluate(pairs(6, 99))).macroF1).toBe(best?.macroF1);
  });

  it('stops at a signal with a checkpoint, from which it goes on', async () => {
    const controller = new AbortController();
    const checkpoints = { folder: join(folder, 'signal'), every: 100 };
    const events: TrainEvent[] = [];
    for await (const event of train(options({ checkpoints, signal: controller.signal, limit: { steps: 6 } }))) {
      events.push(event);
      if (event.event === 'step' && event.step === 3) controller.abort();
    }
    expect(lastOf(events)).toMatchObject({ event: 'done', reason: 'stopped', step: 3 });
    const resume = await readRunCheckpoint(checkpoints.folder);
    const rest = await runToEnd({ limit: { steps: 6 }, checkpoints, ...(resume === undefined ? {} : { resume }) });
    expect(lastOf(rest).parameters).toEqual(lastOf(await runToEnd({ limit: { steps: 6 } })).parameters);
    expect(readdirSync(checkpoints.folder).toSorted()).toEqual(['step-3', 'step-6']);
  });

  it('does not go on under other settings', async () => {
    const checkpoints = { folder: join(folder, 'settings') };
    await runToEnd({ checkpoints }, 1);
    const resume = await readRunCheckpoint(checkpoints.folder);
    if (resume === undefined) throw new Error('no checkpoint');
    await expect(runToEnd({ resume, learningRate: 2e-3 })).rejects.toThrow('learningRate 0.001 → 0.002. Start a new run');
  });

  it('refuses a folder without a run', async () => {
    await expect(readRunCheckpoint(join(folder, 'nowhere'))).rejects.toThrow(ModelError);
  });

  it('says when a perturbation is lost in rounding', async () => {
    await expect(runToEnd({ adversarial: { kind: 'fgm', epsilon: 1e-8 } })).rejects.toThrow(
      /got epsilon 1e-8, of which rounding takes \d+ %/u,
    );
    await expect(runToEnd({ adversarial: { kind: 'fgm', epsilon: 0.5 }, limit: { steps: 1 } })).resolves.toHaveLength(2);
  });

  it('stops when the loss is no longer a number', async () => {
    await expect(runToEnd({ learningRate: 1e30, limit: { steps: 20 }, optimizer: { clipNorm: 0 } })).rejects.toThrow(
      'expected a finite loss, got NaN',
    );
  });

  it('ends after the minutes it was given', async () => {
    const events = await runToEnd({ limit: { minutes: 0.01 } });
    expect(lastOf(events).reason).toBe('limit');
    expect(lastOf(events).seconds).toBeGreaterThanOrEqual(0.6);
  });
});
