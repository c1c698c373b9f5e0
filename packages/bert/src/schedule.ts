/** How the learning rate goes over a run. */
export interface Schedule {
  /** The highest rate. */
  readonly learningRate: number;
  /** Steps of linear rise up to the highest rate. */
  readonly warmupSteps: number;
  /** Steps of the whole run; the rate reaches 0 (or stays, if constant) there. */
  readonly totalSteps: number;
  readonly decay: 'linear' | 'cosine' | 'constant';
}

/**
 * The learning rate of one step.
 *
 * @param step Steps done before this one: 0 for the first. The warm-up reaches the highest rate on its last step.
 */
export function learningRateAt(step: number, schedule: Schedule): number {
  const { learningRate, warmupSteps, totalSteps, decay } = schedule;
  if (step < warmupSteps) return (learningRate * (step + 1)) / warmupSteps;
  if (decay === 'constant') return learningRate;
  const done = Math.min(1, (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps));
  return decay === 'linear' ? learningRate * (1 - done) : learningRate * 0.5 * (1 + Math.cos(Math.PI * done));
}
