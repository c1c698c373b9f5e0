import { describe, expect, it } from 'vitest';
import { type Prediction, createConfig, createPredictor, createTfjsEngine, initialiseParameters, swapSides } from '@samequestion/bert';
import { pairs, tiny } from './support.ts';

const engine = createTfjsEngine({ backend: 'cpu' });
const config = createConfig({ ...tiny, initializer_range: 1 });
const parameters = initialiseParameters(config, { seed: 2 });

async function all(predictions: AsyncIterable<Prediction>): Promise<Prediction[]> {
  const list: Prediction[] = [];
  for await (const prediction of predictions) list.push(prediction);
  return list;
}

// One batch or another: sums run over other paddings.
const DIGITS = 5;

describe('a predictor', () => {
  it('keeps the order of its input whatever the window and batch', async () => {
    const predictor = await createPredictor(engine, config, parameters);
    const some = pairs(23);
    const whole = await all(predictor.predict(some));
    const streamed = await all(
      predictor.predict(
        (async function* stream() {
          yield* some;
        })(),
        { window: 7, batchSize: 3 },
      ),
    );
    expect(streamed).toHaveLength(23);
    streamed.forEach(({ logits }, index) =>
      logits.forEach((score, label) => expect(score).toBeCloseTo(whole[index]?.logits[label] ?? Number.NaN, DIGITS)),
    );
  });

  it('takes the mean of both orders and counts judgements that flip', async () => {
    const predictor = await createPredictor(engine, config, parameters);
    const some = pairs(40);
    const [forth, back, both] = [
      await all(predictor.predict(some)),
      await all(predictor.predict(some.map(swapSides))),
      await all(predictor.predict(some, { symmetric: true })),
    ];
    both.forEach(({ logits, flipped }, index) => {
      const [first, second] = [forth[index] as Prediction, back[index] as Prediction];
      expect(logits[0]).toBeCloseTo(((first.logits[0] ?? 0) + (second.logits[0] ?? 0)) / 2, DIGITS);
      expect(flipped).toBe(first.label !== second.label);
    });
    const { orderFlipRate } = await predictor.evaluate(some, { symmetric: true });
    expect(orderFlipRate).toBe(both.filter(({ flipped }) => flipped).length / 40);
    expect(orderFlipRate).toBeGreaterThan(0);
  });

  it('tells how far it is, in pairs judged, and ends with what the listener throws', async () => {
    const predictor = await createPredictor(engine, config, parameters);
    const told: number[] = [];
    const options = { window: 7, batchSize: 3, onProgress: (count: number): void => void told.push(count) };
    await all(predictor.predict(pairs(10), options));
    expect(told).toEqual([3, 6, 7, 10]);
    told.length = 0;
    await predictor.evaluate(pairs(10), { ...options, symmetric: true });
    expect(told).toEqual([1.5, 3, 3.5, 5, 6.5, 7, 8.5, 10]);
    const stop = (count: number): void => {
      if (count >= 6) throw new Error('enough');
    };
    await expect(predictor.evaluate(pairs(10), { ...options, onProgress: stop })).rejects.toThrow('enough');
  });

  it('lists what is missing from its weights', async () => {
    const { 'classifier.weight': _, ...rest } = parameters;
    await expect(createPredictor(engine, config, rest)).rejects.toThrow('missing (1): classifier.weight');
  });
});
