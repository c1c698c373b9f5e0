import { Worker } from 'node:worker_threads';
import { describeAdapter, type Adapter } from './adapter.ts';
import { OnnxEngineError } from './errors.ts';
import type { Envelope, NamedValues, Reply, Request, SessionSettings, Traffic } from './messages.ts';
import { checkState, planStep, traceStep } from './plan.ts';
import type { NodeReport } from './profile.ts';
import { symbolsOf } from './trace.ts';
import type { Engine, Program, Signature, Step, TensorSpec, TensorValue } from './types.ts';

export interface OnnxEngineOptions {
  /** Where graphs run. @defaultValue `'cpu'` */
  readonly provider?: 'cpu' | 'webgpu';
  /** Threads of ONNX Runtime's pool on the CPU. @defaultValue one per core */
  readonly threads?: number;
  /**
   * `'float16'`: products take float16 operands, on a GPU that can; parameters, sums and everything else stay float32. Scale
   * the loss up and the gradients down in the step, so that small gradients survive. @defaultValue `'float32'`
   */
  readonly precision?: 'float32' | 'float16';
  /**
   * How a GPU's buffers are kept between runs. `'simple'` keeps them by exact size: fast, and each shape of a batch adds the
   * memory of its intermediate values, so pad to a few lengths. `'bucket'` frees large ones after each run: slower by half,
   * for many shapes. The first engine of a process decides. @defaultValue `'simple'`
   */
  readonly bufferCache?: 'simple' | 'bucket';
  /**
   * `'small'`: on the CPU, intermediate values give their memory back as soon as they have been read, instead of keeping it for the next run.
   * For models whose weights and moments leave little room; somewhat slower. @defaultValue `'fast'`
   */
  readonly memory?: 'fast' | 'small';
}

/** A program that can say where its nodes run. */
export interface OnnxProgram extends Program {
  /** Runs the graph on this batch, without keeping any result, and lists its nodes: where each ran and how long. */
  explain(batch: Readonly<Record<string, TensorValue>>): Promise<readonly NodeReport[]>;
  /** What went between the host and the GPU so far, in bytes: 0 on the CPU. */
  traffic(): Promise<Traffic>;
}

export interface OnnxEngine extends Engine {
  /** The GPU that programs run on, found out when first asked; `undefined` on the CPU. @throws {OnnxEngineError} If there is none. */
  adapter(): Promise<Adapter | undefined>;
  compile(step: Step, signature: Signature): Promise<OnnxProgram>;
}

interface Pending {
  readonly resolve: (reply: Extract<Reply, { readonly nodes: unknown }>) => void;
  readonly reject: (error: Error) => void;
}

/** Talks to one worker thread; keeps the process alive only while an answer is due. */
class WorkerClient {
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #next = 0;
  #closed = false;

  constructor() {
    this.#worker = new Worker(new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url));
    this.#worker.unref();
    this.#worker.on('message', (reply: Reply) => {
      const pending = this.#pending.get(reply.id);
      this.#pending.delete(reply.id);
      if (this.#pending.size === 0) this.#worker.unref();
      if ('error' in reply) pending?.reject(new OnnxEngineError(reply.error));
      else pending?.resolve(reply);
    });
    this.#worker.on('error', (error) =>
      this.#fail(new OnnxEngineError(`engine: expected its worker to go on, got "${error.message}".`, { cause: error })),
    );
    this.#worker.on('exit', () =>
      this.#fail(new OnnxEngineError('engine: expected its worker to go on, got its end. Create another engine.')),
    );
  }

  #fail(error: Error): void {
    this.#closed = true;
    for (const pending of this.#pending.values()) pending.reject(error);
    this.#pending.clear();
  }

  async ask(request: Request): Promise<Extract<Reply, { readonly nodes: unknown }>> {
    if (this.#closed) throw new OnnxEngineError('engine: expected an engine in use, got one that was disposed. Create another engine.');
    const id = this.#next++;
    this.#worker.ref();
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      this.#worker.postMessage({ id, request } satisfies Envelope, []);
    });
  }

  /** Ends the worker; sessions first, because the end of a thread alone leaves some of their memory behind. */
  async close(): Promise<void> {
    if (this.#closed) return;
    const emptied = this.ask({ kind: 'close' });
    this.#closed = true;
    await emptied.catch(() => undefined);
    await this.#worker.terminate();
  }
}

const describe = (shape: readonly (number | string)[]): string => `[${shape.join(', ')}]`;

/** Checks values against their specs and returns the sizes of the symbols. */
const bindSizes = (
  what: string,
  specs: Readonly<Record<string, TensorSpec>>,
  values: NamedValues,
  symbols: readonly string[],
  partial: boolean,
): number[] => {
  const sizes = symbols.map(() => -1);
  for (const name of Object.keys(values)) {
    if (specs[name] === undefined) throw new RangeError(`${what}: expected ${Object.keys(specs).join(', ')}, got "${name}" too.`);
  }
  for (const [name, spec] of Object.entries(specs)) {
    const value = values[name];
    if (value === undefined) {
      if (partial) continue;
      throw new RangeError(`${what}: expected a tensor "${name}", ${spec.dtype} ${describe(spec.shape)}, got none.`);
    }
    const expected = spec.shape.map((size) => (typeof size === 'number' ? size : (sizes[symbols.indexOf(size)] ?? -1)));
    const fits =
      value.dtype === spec.dtype &&
      value.shape.length === expected.length &&
      value.shape.every((size, i) => expected[i] === -1 || expected[i] === size);
    if (!fits || value.data.length !== value.shape.reduce((product, size) => product * size, 1)) {
      throw new RangeError(
        `${what}: expected "${name}" as ${spec.dtype} ${describe(spec.shape)}, got ${value.dtype} ${describe(value.shape)} with ${value.data.length} values.`,
      );
    }
    for (const [i, size] of spec.shape.entries()) if (typeof size === 'string') sizes[symbols.indexOf(size)] = value.shape[i] ?? -1;
  }
  return sizes;
};

/** Values of state that go to the worker or come from it together: copies of a message's values are garbage afterwards. */
const PART = 2 ** 23;

/** Names of state in parts of about {@link PART} values. */
const partsOf = (names: readonly string[], specs: Readonly<Record<string, TensorSpec>>): readonly (readonly string[])[] => {
  const parts: string[][] = [];
  let values = PART;
  for (const name of names) {
    if (values >= PART) {
      parts.push([]);
      values = 0;
    }
    parts.at(-1)?.push(name);
    values += (specs[name]?.shape ?? []).reduce<number>((product, size) => product * Number(size), 1);
  }
  return parts;
};

class WorkerProgram implements OnnxProgram {
  readonly #client: WorkerClient;
  readonly #id: number;
  readonly #signature: Signature;
  readonly #symbols: readonly string[];
  readonly #inParts: boolean;

  /** @param inParts Whether the worker loads and reads state bit by bit. */
  constructor(
    client: WorkerClient,
    { id, signature, inParts }: { readonly id: number; readonly signature: Signature; readonly inParts: boolean },
  ) {
    this.#client = client;
    this.#id = id;
    this.#signature = signature;
    this.#inParts = inParts;
    this.#symbols = symbolsOf({ ...signature.state, ...signature.batch });
  }

  async load(state: NamedValues): Promise<void> {
    bindSizes('load', this.#signature.state, state, this.#symbols, true);
    await this.#forParts(Object.keys(state), async (names) => {
      const part = Object.fromEntries(Object.entries(state).filter(([name]) => names.includes(name)));
      return this.#client.ask({ kind: 'load', program: this.#id, state: part });
    });
  }

  async run(batch: NamedValues): Promise<Record<string, TensorValue>> {
    const sizes = bindSizes('run', this.#signature.batch, batch, this.#symbols, false);
    return (await this.#client.ask({ kind: 'run', program: this.#id, batch, sizes })).values;
  }

  async read(names: readonly string[] = Object.keys(this.#signature.state)): Promise<Record<string, TensorValue>> {
    const parts = await this.#forParts(names, async (part) => this.#client.ask({ kind: 'read', program: this.#id, names: part }));
    return Object.assign({}, ...parts.map(({ values }) => values)) as Record<string, TensorValue>;
  }

  /** Asks for all parts at once, so that nothing comes between them in the worker's queue. */
  async #forParts<T>(names: readonly string[], ask: (part: readonly string[]) => Promise<T>): Promise<readonly T[]> {
    const parts = this.#inParts ? partsOf(names, this.#signature.state) : [names];
    return Promise.all(parts.map(async (part) => ask(part)));
  }

  async explain(batch: NamedValues): Promise<readonly NodeReport[]> {
    const sizes = bindSizes('explain', this.#signature.batch, batch, this.#symbols, false);
    return (await this.#client.ask({ kind: 'explain', program: this.#id, batch, sizes })).nodes;
  }

  async traffic(): Promise<Traffic> {
    return (await this.#client.ask({ kind: 'traffic', program: this.#id })).traffic;
  }

  async dispose(): Promise<void> {
    await this.#client.ask({ kind: 'dispose', program: this.#id });
  }
}

/**
 * An engine that compiles tfjs functions for ONNX Runtime and runs them in a worker thread.
 *
 * @throws {OnnxEngineError} From `compile`, if the function can't become one graph; the message names the operation.
 */
export const createOnnxEngine = async (options: OnnxEngineOptions = {}): Promise<OnnxEngine> => {
  const { provider = 'cpu', threads, precision, bufferCache, memory } = options;
  const client = new WorkerClient();
  const settings: SessionSettings = { provider, threads, bufferCache, memory };
  let programs = 0;
  let adapter: Promise<Adapter> | undefined;
  return {
    name: `onnx-${provider}`,
    adapter: async () => (provider === 'cpu' ? undefined : (adapter ??= describeAdapter())),
    compile: async (step: Step, signature: Signature): Promise<OnnxProgram> => {
      const trace = checkState(traceStep(step, signature), signature);
      const { nodes: _, ...plan } = planStep(trace, { target: provider, precision });
      const program = programs++;
      await client.ask({ kind: 'compile', program, plan, settings });
      // On a GPU, parameters are packed into buffers that are loaded whole.
      return new WorkerProgram(client, { id: program, signature, inParts: provider === 'cpu' });
    },
    dispose: async (): Promise<void> => client.close(),
  };
};
