import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { EncoderCase } from './encoder-step.ts';

/** Seconds of one step in PyTorch, and the process's peak memory in bytes. */
export interface TorchStep {
  readonly gradients: number;
  readonly step: number;
  readonly gradientsCpu: number;
  readonly stepCpu: number;
  readonly peak: number;
}

export interface TorchPeer {
  readonly version: string;
  run(): Promise<TorchStep>;
  close(): Promise<void>;
}

const SCRIPT = fileURLToPath(new URL('./peers/torch_serve.py', import.meta.url));

/** Starts PyTorch on the same case; `undefined` if this Python lacks torch or transformers. */
export const startTorch = async (
  python: string,
  type: 'fp32' | 'bf16',
  { size, batch, length, dropout, threads }: EncoderCase,
): Promise<TorchPeer | undefined> => {
  const options = { ...size, batch, length, dropout, threads, type };
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(python, [SCRIPT, ...flags], { stdio: ['pipe', 'pipe', 'ignore'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  child.stdin.on('error', () => undefined);
  const hello = await Promise.race([lines.next(), ended.then(() => undefined)]);
  if (hello === undefined || hello.done === true) return undefined;
  return {
    version: (JSON.parse(hello.value) as { readonly version: string }).version,
    run: async (): Promise<TorchStep> => {
      child.stdin.write('step\n');
      const line = await lines.next();
      if (line.done === true)
        throw new Error('torch peer: expected the seconds of a step, got its end. Run torch_serve.py by itself to see why.');
      return JSON.parse(line.value) as TorchStep;
    },
    close: async (): Promise<void> => {
      child.stdin.end();
      await ended;
    },
  };
};
