import { readFile, writeFile } from 'node:fs/promises';

import type { EvaluationEvent, StepEvent, TrainEvent } from '@samequestion/bert';

/** What a run had logged before it goes on. */
export interface Logged {
  readonly steps: StepEvent[];
  readonly evaluations: EvaluationEvent[];
}

/** Begins the log; of a run that goes on, keeps the lines up to its checkpoint. */
export async function startLog(log: string, step: number | undefined): Promise<Logged> {
  const kept: TrainEvent[] = [];
  if (step !== undefined) {
    const text = await readFile(log, 'utf8').catch(() => '');
    // The last line may have been cut off.
    for (const line of text.split('\n').slice(0, -1)) {
      const event = JSON.parse(line) as TrainEvent;
      if (event.step <= step && event.event !== 'done') kept.push(event);
    }
  }
  await writeFile(log, kept.map((event) => `${JSON.stringify(event)}\n`).join(''));
  return {
    steps: kept.filter((event): event is StepEvent => event.event === 'step'),
    evaluations: kept.filter((event): event is EvaluationEvent => event.event === 'evaluation'),
  };
}

/** An event as it is logged: without weights, with the rate. */
export function logged(event: TrainEvent): Record<string, unknown> {
  if (event.event === 'done') return { ...event, parameters: undefined };
  if (event.event === 'step') return { ...event, tokensPerSecond: Math.round(event.tokens / event.seconds) };
  return { ...event };
}
