import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** What PyTorch reaches on one device. */
export interface TorchFigures {
  readonly version: string;
  /** FLOP/s of a large product, by type. */
  readonly peaks: ReadonlyMap<string, number>;
  /** Seconds of a step, by case and type. */
  readonly steps: ReadonlyMap<string, number>;
}

export interface TorchOptions {
  readonly python: string;
  readonly device: string;
  readonly types: readonly string[];
  readonly cases: readonly string[];
  readonly steps: number;
  readonly dropout: number;
}

/** The key of a step. */
export const torchKey = (name: string, type: string): string => `${name} ${type}`;

/** Runs the same steps in PyTorch. @throws {Error} With Python's last line, if it fails. */
export const torchSteps = async ({ python, device, types, cases, steps, dropout }: TorchOptions): Promise<TorchFigures> => {
  const script = fileURLToPath(new URL('./peers/torch_step.py', import.meta.url));
  const flags = { device, types: types.join(','), cases: cases.join(','), steps: String(steps), dropout: String(dropout) };
  const { stdout } = await promisify(execFile)(
    python,
    [script, ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value])],
    {
      maxBuffer: 2 ** 24,
    },
  ).catch((error: unknown) => {
    const last = String((error as { stderr?: string }).stderr ?? error)
      .trim()
      .split('\n')
      .at(-1);
    throw new Error(`PyTorch: ${last ?? ''}`, { cause: error });
  });
  const lines = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Readonly<Record<string, string | number>>);
  return {
    version: String(lines.find(({ version }) => version !== undefined)?.['version'] ?? ''),
    peaks: new Map(lines.flatMap(({ peak, rate }) => (peak === undefined ? [] : [[String(peak), Number(rate)] as const]))),
    steps: new Map(
      lines.flatMap(({ case: name, type, seconds }) =>
        name === undefined ? [] : [[torchKey(String(name), String(type)), Number(seconds)] as const],
      ),
    ),
  };
};
