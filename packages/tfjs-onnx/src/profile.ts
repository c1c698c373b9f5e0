import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession } from 'onnxruntime-node';

/** One node of a graph: where it ran and how long. */
export interface NodeReport {
  readonly name: string;
  readonly op: string;
  /** ONNX Runtime's name for where it ran: `CPUExecutionProvider`, `WebGpuExecutionProvider`; `WebAssembly` for updates after the graph. */
  readonly provider: string;
  /** Time of one run: the node's own on the CPU (a Scan's with the nodes inside of it, which are listed too); on a GPU that of its shaders. */
  readonly microseconds: number;
  readonly shapes: string;
}

interface ProfileEvent {
  readonly cat: string;
  readonly name: string;
  /** Microseconds: begin and length. */
  readonly ts: number;
  readonly dur: number;
  readonly args?: {
    readonly provider?: string;
    readonly op_name?: string;
    readonly input_type_shape?: unknown;
    readonly output_type_shape?: unknown;
  };
}

const KERNEL_TIME = '_kernel_time';

/** Reports every node by the events of `runs` equal runs: on the CPU by the last, whose memory is no longer new; on a GPU by their mean. */
const report = (events: readonly ProfileEvent[], runs: number): readonly NodeReport[] => {
  const gpu = new Map<string, number>();
  for (const { cat, name, dur } of events) {
    if (cat !== 'Api') continue;
    const node = name.slice(0, name.indexOf('&'));
    gpu.set(node, (gpu.get(node) ?? 0) + dur);
  }
  const last = Math.max(...events.filter(({ name }) => name === 'model_run').map(({ ts }) => ts));
  const nodes = new Map<string, NodeReport>();
  for (const { cat, name, ts, dur, args } of events) {
    if (cat !== 'Node' || !name.endsWith(KERNEL_TIME) || args?.provider === undefined) continue;
    const key = name.slice(0, -KERNEL_TIME.length);
    const known = nodes.get(key);
    const onGpu = args.provider !== 'CPUExecutionProvider';
    const microseconds = onGpu ? (gpu.get(key) ?? 0) / runs : (known?.microseconds ?? 0) + (ts < last ? 0 : dur);
    const shapes = JSON.stringify([args.input_type_shape, args.output_type_shape]);
    nodes.set(key, { name: key, op: args.op_name ?? '', provider: args.provider, microseconds, shapes });
  }
  return [...nodes.values()];
};

/**
 * Runs a model twice to warm up and once for the record, in a session of its own, and reports every node. (The second run is the first
 * with planned memory, and takes that from the system.) ONNX Runtime
 * tells where nodes ran in a profile only, which it writes to a file: a temporary one, removed again.
 *
 * @param run Runs the session once.
 */
export const profileModel = async (
  model: Uint8Array,
  options: InferenceSession.SessionOptions,
  run: (session: InferenceSession) => Promise<void>,
): Promise<readonly NodeReport[]> => {
  const prefix = `tfjs-onnx-${randomUUID()}`;
  const session = await InferenceSession.create(model, { ...options, enableProfiling: true, profileFilePrefix: join(tmpdir(), prefix) });
  const runs = 3;
  for (let i = 0; i < runs; i++) await run(session);
  session.endProfiling();
  await session.release();
  const file = (await readdir(tmpdir())).find((name) => name.startsWith(prefix));
  if (file === undefined)
    throw new Error('explain: expected a profile of ONNX Runtime, got none. Check that the temporary folder is writable.');
  const path = join(tmpdir(), file);
  const events = JSON.parse(await readFile(path, 'utf8')) as readonly ProfileEvent[];
  await rm(path);
  return report(events, runs);
};
