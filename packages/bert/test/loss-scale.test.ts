import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import {
  type Engine,
  type Program,
  type StepEvent,
  type StepOptions,
  type TensorValue,
  type TrainEvent,
  type TrainOptions,
  LOSS_SCALING,
  collate,
  collateLabels,
  createConfig,
  createTfjsEngine,
  dropoutOffsets,
  dropoutSites,
  initialiseParameters,
  lossScaleNames,
  readRunCheckpoint,
  train,
  trainingSignature,
  trainingStep,
} from '@samequestion/bert';
import { createOnnxEngine } from '@samequestion/tfjs-onnx';
import { productsInHalf, toHalf } from './half.ts';
import { firstState, largestDifference, pairs, plainOptions, scalar, tiny } from './support.ts';

const eager = createTfjsEngine({ backend: 'cpu' });
const onnx = await createOnnxEngine({ threads: 1 });
afterAll(() => onnx.dispose());

const folder = mkdtempSync(join(tmpdir(), 'loss-scale-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let restore = (): void => {};
afterEach(() => {
  restore();
  restore = () => {};
});
const inHalf = (): void => {
  restore = productsInHalf();
};

const withDropout = createConfig({ ...tiny, hidden_dropout_prob: 0.1, attention_probs_dropout_prob: 0.2 });
const scaled = (more: Partial<StepOptions> = {}): StepOptions => plainOptions(withDropout, { lossScaling: LOSS_SCALING, ...more });

async function started(engine: Engine, options: StepOptions): Promise<Program> {
  const program = await engine.compile(trainingStep(options), trainingSignature(options));
  await program.load(firstState(options));
  return program;
}

/** One step; `weight` multiplies each pair's loss. */
async function stepOf(program: Program, options: StepOptions, step: number, weight = 1): Promise<Record<string, number>> {
  const some = pairs(3 + (step % 4), step + 1);
  const { labels, weights } = collateLabels(some, some.length / weight) as Record<'labels' | 'weights', TensorValue>;
  const batch = {
    ...collate(some, options.config),
    labels,
    weights,
    dropout_offsets: dropoutOffsets(1, step, dropoutSites(options)),
    ...(options.accumulate === true ? { keep: scalar(0) } : { learning_rate: scalar(1e-3) }),
    ...(options.average === true ? { average_decay: scalar(0.9) } : {}),
  };
  const outputs = await program.run(batch);
  return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data[0] ?? Number.NaN]));
}

const scaleOf = async (program: Program): Promise<readonly (number | undefined)[]> => {
  const state = await program.read(Object.values(lossScaleNames));
  return Object.values(lossScaleNames).map((name) => state[name]?.data[0]);
};

/** Parameters, moments and averages: what an update changes. */
const updatedOf = async (program: Program, options: StepOptions): Promise<Record<string, TensorValue>> =>
  program.read(Object.keys(trainingSignature(options).state).filter((name) => !/^(?:loss_scale|dropout)/u.test(name)));

describe('float16 of the tests', () => {
  it('rounds as IEEE 754 says', () => {
    const cases = [
      [1 / 3, 0.333251953125],
      [2049, 2048],
      [2051, 2052],
      [65519, 65504],
      [65520, Infinity],
      [-1e6, -Infinity],
      [2 ** -25, 0],
      [2 ** -24 * 1.5, 2 ** -23],
      [2 ** -24 * 0.75, 2 ** -24],
    ] as const;
    for (const [value, expected] of cases) expect(toHalf(value)).toBe(expected);
    expect(toHalf(Number.NaN)).toBeNaN();
  });
});

describe('loss scaling', () => {
  it('changes no bit where products are float32', async () => {
    const plain = plainOptions(withDropout);
    const [one, other] = [await started(eager, plain), await started(eager, scaled())];
    for (let step = 0; step < 5; step++) {
      const { loss_scale: scale, ...numbers } = await stepOf(other, scaled(), step);
      expect(numbers).toEqual(await stepOf(one, plain, step));
      expect(scale).toBe(2 ** 16);
    }
    expect(await updatedOf(other, plain)).toEqual(await updatedOf(one, plain));
    expect(await scaleOf(other)).toEqual([2 ** 16, 5]);
  });

  it('trains twenty steps with products in float16 as with float32', async () => {
    const reference = await started(eager, plainOptions(withDropout));
    const expected: number[] = [];
    for (let step = 0; step < 20; step++) expected.push((await stepOf(reference, plainOptions(withDropout), step))['loss'] ?? 0);
    const wanted = await reference.read();
    inHalf();
    const program = await started(eager, scaled());
    const losses: number[] = [];
    for (let step = 0; step < 20; step++) losses.push((await stepOf(program, scaled(), step))['loss'] ?? 0);
    // Half the distance of neighbouring float16 numbers is 2⁻¹¹ = 5e-4 of their size; the loss, about 0.7, has gone through a dozen products.
    expect(largestDifference(losses, expected)).toBeLessThan(1e-3);
    expect(largestDifference(losses, expected)).toBeGreaterThan(0);
    const state = await program.read();
    const far = Object.keys(initialiseParameters(withDropout, { seed: 5 })).map((name) => {
      // A key bias has no gradient but rounding, by which AdamW steps as far as by any other.
      return name.endsWith('key.bias') ? 0 : largestDifference(state[name]?.data ?? [], wanted[name]?.data ?? []);
    });
    // AdamW may step by up to 1e-3 · |m| / √v ≈ 3e-3, 6e-2 in twenty steps; where float16 turns the sign of a gradient near 0, a step or two differ.
    expect(Math.max(...far)).toBeLessThan(5e-3);
  });

  it('keeps gradients that float16 would lose', async () => {
    const weight = 2 ** -26;
    const plain = plainOptions(withDropout);
    const reference = await stepOf(await started(eager, plain), plain, 0, weight);
    inHalf();
    const lost = await stepOf(await started(eager, plain), plain, 0, weight);
    const kept = await stepOf(await started(eager, scaled()), scaled(), 0, weight);
    const norm = reference['gradient_norm'] ?? 0;
    expect(Math.abs((kept['gradient_norm'] ?? 0) / norm - 1)).toBeLessThan(1e-2);
    expect(Math.abs((lost['gradient_norm'] ?? 0) / norm - 1)).toBeGreaterThan(0.1);
  });

  it('leaves out updates that overflow in float16, halves the scale until they do not, and raises it again', async () => {
    inHalf();
    const options = scaled({ average: true, lossScaling: { initial: 2 ** 24, growthInterval: 3 } });
    const program = await started(eager, options);
    const first = await updatedOf(program, options);
    const scales: number[] = [];
    for (let step = 0; step < 14; step++) {
      const { gradient_norm: norm = 0, loss_scale: scale = 0 } = await stepOf(program, options, step);
      scales.push(scale);
      if (scales.length <= 5) {
        expect(Number.isFinite(norm)).toBe(false);
        expect(await updatedOf(program, options)).toEqual(first);
        expect(await scaleOf(program)).toEqual([scale / 2, 0]);
      }
    }
    expect(scales.slice(0, 6)).toEqual([24, 23, 22, 21, 20, 19].map((power) => 2 ** power));
    // Once it fits, it is doubled after every third good update, and halved where that was too much.
    expect(scales.some((scale, step) => step > 0 && scale === 2 * (scales[step - 1] ?? 0))).toBe(true);
    expect(await updatedOf(program, options)).not.toEqual(first);
  });

  it('does the same on ONNX Runtime', async () => {
    const options = scaled({ average: true, lossScaling: { initial: 2 ** 16, growthInterval: 2 } });
    const [program, reference] = [await started(onnx, options), await started(eager, options)];
    for (const one of [program, reference]) {
      const { gradient_norm: norm } = await stepOf(one, options, 0);
      expect(Number.isFinite(norm)).toBe(true);
      const before = await updatedOf(one, options);
      await one.load({ [lossScaleNames.scale]: scalar(2 ** 127), [lossScaleNames.goodSteps]: scalar(1) });
      await stepOf(one, options, 1);
      expect(await updatedOf(one, options)).toEqual(before);
      expect(await scaleOf(one)).toEqual([2 ** 126, 0]);
      await one.load({ [lossScaleNames.scale]: scalar(2 ** 15) });
      for (const step of [2, 3]) await stepOf(one, options, step);
      expect(await scaleOf(one)).toEqual([2 ** 16, 0]);
    }
    const [state, wanted] = [await updatedOf(program, options), await updatedOf(reference, options)];
    // As in the comparison of engines: sums in another order, and AdamW divides the rounding of a key bias by itself.
    for (const [name, { data }] of Object.entries(wanted))
      expect(largestDifference(state[name]?.data ?? [], data)).toBeLessThan(name.endsWith('key.bias') ? 5e-4 : 2e-5);
  });
});

function runOptions(more: Partial<TrainOptions> = {}): TrainOptions {
  return {
    engine: eager,
    config: withDropout,
    parameters: initialiseParameters(withDropout, { seed: 1 }),
    pairs: pairs(12),
    limit: { steps: 12 },
    seed: 3,
    batchSize: 4,
    learningRate: 1e-3,
    optimizer: { biasCorrection: true },
    lossScaling: { initial: 2 ** 22, growthInterval: 2 },
    ...more,
  };
}

async function eventsOf(more: Partial<TrainOptions>, until = Number.POSITIVE_INFINITY): Promise<TrainEvent[]> {
  const events: TrainEvent[] = [];
  for await (const event of train(runOptions(more))) {
    events.push(event);
    if (event.event === 'step' && event.step >= until) break;
  }
  return events;
}

const scalesOf = (events: readonly TrainEvent[]): unknown[] =>
  events
    .filter((event): event is StepEvent => event.event === 'step')
    .map(({ step, loss, lossScale, skipped }) => ({ step, loss, lossScale, skipped }));
const lastOf = (events: readonly TrainEvent[]): unknown => {
  const last = events.at(-1);
  return last?.event === 'done' ? last.parameters : undefined;
};

describe('a run with loss scaling', () => {
  it.each([
    ['whole batches', {}],
    ['batches in parts', { partSize: 2 }],
  ])('says what it left out, and goes on to the same bits: %s', async (name, more) => {
    inHalf();
    const whole = await eventsOf(more);
    const steps = scalesOf(whole) as { lossScale: number; skipped?: boolean }[];
    expect(steps[0]).toMatchObject({ lossScale: 2 ** 22, skipped: true });
    expect(steps[1]).toMatchObject({ lossScale: 2 ** 21 });
    expect(steps.at(-1)?.skipped === true ? steps.at(-2)?.skipped : undefined).toBeUndefined();
    const checkpoints = { folder: join(folder, name.replaceAll(' ', '-')), every: 1 };
    const before = await eventsOf({ ...more, checkpoints }, 7);
    const resume = await readRunCheckpoint(checkpoints.folder);
    if (resume === undefined) throw new Error('no checkpoint');
    const skipped = steps.slice(0, resume.trainer.step).filter((step) => step.skipped === true).length;
    expect(resume.trainer.skipped).toBe(skipped);
    const after = await eventsOf({ ...more, checkpoints, resume });
    expect([...scalesOf(before).slice(0, resume.trainer.step), ...scalesOf(after)]).toEqual(scalesOf(whole));
    expect(lastOf(after)).toEqual(lastOf(whole));
  });

  it('trains adversarially after first updates that overflow', async () => {
    inHalf();
    const events = await eventsOf({ adversarial: { kind: 'fgm', epsilon: 0.5 }, limit: { steps: 8 } });
    const steps = scalesOf(events) as { skipped?: boolean }[];
    expect(steps[0]?.skipped).toBe(true);
    expect(steps.some(({ skipped }) => skipped === undefined)).toBe(true);
    // A perturbation too small is still refused, by the first update that is made.
    await expect(eventsOf({ adversarial: { kind: 'fgm', epsilon: 1e-8 } })).rejects.toThrow(
      /got epsilon 1e-8, of which rounding takes \d+ %/u,
    );
  });

  it('is refused where no scale helps', async () => {
    restore = productsInHalf(() => Number.NaN);
    await expect(eventsOf({ lossScaling: { initial: 1, growthInterval: 2 } })).rejects.toThrow(
      'expected finite gradients at a loss scale of 1, got an overflow (step 1)',
    );
  });
});
