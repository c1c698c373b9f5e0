import { describe, expect, it } from 'vitest';
import { scoreJudgements, softmax } from '@samequestion/bert';

describe('scoreJudgements', () => {
  it('counts by label and judgement', () => {
    // Judged 1, 1, 0, 0, 0 where the labels are 1, 0, 1, 0, 0.
    const logits = [
      [0, 1],
      [0, 2],
      [1, 0],
      [3, 0],
      [1, 1],
    ];
    const metrics = scoreJudgements(logits, [1, 0, 1, 0, 0]);
    expect(metrics.confusion).toEqual([
      [2, 1],
      [1, 1],
    ]);
    expect(metrics.accuracy).toBeCloseTo(3 / 5, 12);
    expect(metrics.precision).toBeCloseTo(1 / 2, 12);
    expect(metrics.recall).toBeCloseTo(1 / 2, 12);
    expect(metrics.f1).toBeCloseTo(1 / 2, 12);
    expect(metrics.f1OfDifferent).toBeCloseTo(2 / 3, 12);
    expect(metrics.macroF1).toBeCloseTo(7 / 12, 12);
    const losses = [
      Math.log(1 + Math.exp(-1)),
      Math.log(1 + Math.exp(2)),
      Math.log(1 + Math.exp(1)),
      Math.log(1 + Math.exp(-3)),
      Math.log(2),
    ];
    expect(metrics.loss).toBeCloseTo(losses.reduce((sum, loss) => sum + loss, 0) / 5, 12);
  });

  it('gives a class that never occurs an F1 of 0', () => {
    expect(
      scoreJudgements(
        [
          [1, 0],
          [2, 0],
        ],
        [0, 0],
      ),
    ).toMatchObject({ accuracy: 1, f1: 0, f1OfDifferent: 1, macroF1: 0.5 });
  });

  it('refuses empty and unequal lists', () => {
    expect(() => scoreJudgements([], [])).toThrow(RangeError);
    expect(() => scoreJudgements([[0, 1]], [0, 1])).toThrow('got 2 and 1');
  });
});

describe('softmax', () => {
  it('keeps large scores apart', () => {
    expect(softmax([1000, 1000])).toEqual([0.5, 0.5]);
  });
});
