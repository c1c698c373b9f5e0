import { SingleBar } from 'cli-progress';

import { StoppedError } from './usage-error.ts';

/** A running display of how far a long task is. */
export interface Progress {
  /** @param done Units finished so far; `note` is shown behind the bar. */
  update(done: number, note?: string): void;
  stop(): void;
}

export interface ProgressOptions {
  readonly label: string;
  readonly total: number;
  /** Unit of `total`, in the plural: "steps", "pairs". */
  readonly unit: string;
}

const secondsBetweenLines = 5;

/** A bar with rate and time left on a terminal; one line every few seconds otherwise. Both go to standard error. */
export function showProgress(options: ProgressOptions): Progress {
  return process.stderr.isTTY ? showBar(options) : showLines(options);
}

/** Progress of pairs that a predictor judges; an abort ends the judging after the pass under way, with a {@link StoppedError}. */
export function showJudging(label: string, total: number, signal: AbortSignal): { onProgress(pairs: number): void; stop(): void } {
  const progress = showProgress({ label, total, unit: 'pairs' });
  return {
    onProgress: (pairs) => {
      if (signal.aborted) throw new StoppedError(`Stopped while ${label}: nothing was written.`);
      progress.update(Math.floor(pairs));
    },
    stop: () => progress.stop(),
  };
}

function showBar({ label, total, unit }: ProgressOptions): Progress {
  const started = performance.now();
  const bar = new SingleBar({
    format: `${label} {bar} {value}/{total} ${unit} · {rate}/s · {left} left {note}`,
    hideCursor: true,
    clearOnComplete: false,
    stream: process.stderr,
  });
  bar.start(total, 0, { rate: '–', left: '–', note: '' });
  return {
    update: (done, note = '') => bar.update(done, { ...pace(done, total, started), note: note === '' ? '' : `· ${note}` }),
    stop: () => bar.stop(),
  };
}

function showLines({ label, total, unit }: ProgressOptions): Progress {
  const started = performance.now();
  let last = started;
  return {
    update: (done, note = '') => {
      const now = performance.now();
      if (done < total && now - last < secondsBetweenLines * 1000) return;
      last = now;
      const { rate, left } = pace(done, total, started);
      process.stderr.write(`${label}: ${done}/${total} ${unit} · ${rate}/s · ${left} left${note === '' ? '' : ` · ${note}`}\n`);
    },
    stop: () => undefined,
  };
}

function pace(done: number, total: number, started: number): { readonly rate: string; readonly left: string } {
  const seconds = (performance.now() - started) / 1000;
  if (done === 0 || seconds === 0) return { rate: '–', left: '–' };
  const rate = done / seconds;
  return { rate: rate >= 100 ? Math.round(rate).toLocaleString('en') : rate.toPrecision(2), left: formatDuration((total - done) / rate) };
}

/** `42 s`, `3 min 5 s`, `2 h 10 min`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
