/** Seconds of the clock, and of all threads of the process together. */
export interface Timing {
  readonly wall: number;
  readonly cpu: number;
}

export const timed = async (work: () => Promise<unknown>): Promise<Timing> => {
  const cpu = process.cpuUsage();
  const started = performance.now();
  await work();
  const wall = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { wall, cpu: (user + system) / 1e6 };
};

export const best = (timings: readonly Timing[]): Timing => ({
  wall: Math.min(...timings.map(({ wall }) => wall)),
  cpu: Math.min(...timings.map(({ cpu }) => cpu)),
});
