/** What one AdamW update needs besides the arrays. */
export interface AdamWFactors {
  readonly learningRate: number;
  readonly gradientScale: number;
  readonly correction1: number;
  readonly correction2: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

export interface AdamWArrays {
  readonly parameter: Float32Array;
  readonly firstMoment: Float32Array;
  readonly secondMoment: Float32Array;
  readonly gradient: Float32Array;
}

const round = Math.fround;
const leastNormal = 2 ** -126;

/** Moments that have decayed below the least normal number are 0: what is left of them changes no parameter, but slows every operation. */
const flush = (value: number): number => (Math.abs(value) < leastNormal ? 0 : value);

/**
 * One AdamW update in place, every operation rounded to float32 as a graph of float32 nodes would:
 * g = gradient · gradientScale; m = β₁m + (1−β₁)g; v = β₂v + (1−β₂)g²;
 * w −= learningRate · ((m · correction1) / (√(v · correction2) + ε) + weightDecay · w). Moments below 2⁻¹²⁶ become 0.
 *
 * @see Loshchilov and Hutter 2019, algorithm 2.
 */
export const applyAdamW = ({ parameter, firstMoment, secondMoment, gradient }: AdamWArrays, factors: AdamWFactors): void => {
  const rate = round(factors.learningRate);
  const scale = round(factors.gradientScale);
  const correction1 = round(factors.correction1);
  const correction2 = round(factors.correction2);
  const beta1 = round(factors.beta1);
  const beta2 = round(factors.beta2);
  const rest1 = round(1 - factors.beta1);
  const rest2 = round(1 - factors.beta2);
  const epsilon = round(factors.epsilon);
  const decay = round(factors.weightDecay);
  for (let i = 0; i < parameter.length; i++) {
    const w = parameter[i] as number;
    const g = round((gradient[i] as number) * scale);
    const m = flush(round(round((firstMoment[i] as number) * beta1) + round(g * rest1)));
    const v = flush(round(round((secondMoment[i] as number) * beta2) + round(round(g * g) * rest2)));
    const deviation = round(round(Math.sqrt(round(v * correction2))) + epsilon);
    const direction = round(round(m * correction1) / deviation);
    parameter[i] = w - round(round(direction + round(w * decay)) * rate);
    firstMoment[i] = m;
    secondMoment[i] = v;
  }
};
