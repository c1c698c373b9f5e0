import type { Tensor } from 'onnxruntime-node';
import type { MemoryNeed } from './memory.ts';
import { bytesOf } from './tensors.ts';

/** What was asked of a GPU when it failed. */
export interface GpuRequest {
  /** `compile`, `run`, `load` or `read`. */
  readonly what: string;
  /** What lies on the GPU, in bytes. */
  readonly resident: number;
  /** The largest buffer that the GPU refused to exceed before, in bytes. */
  readonly limit?: number | undefined;
  /** What a run needs beside its state, and its inputs. */
  readonly need?: MemoryNeed;
  readonly feeds?: Readonly<Record<string, Tensor>>;
  /** The tensor that was to be copied. */
  readonly copied?: { readonly name: string; readonly bytes: number };
}

const MIB = 2 ** 20;
const mebibytes = (bytes: number): string => `${Math.ceil(bytes / MIB).toLocaleString('en')} MiB`;

/** WebGPU refuses buffers beyond a limit of the adapter; bindings have another. */
const TOO_LARGE = /\((\d+)\) exceeds the max buffer size limit \((\d+)\)|(\d+) bytes[^.\n]*maxStorageBufferBindingSize of (\d+)/u;
/** A buffer that could not be made fails where it is first used. */
const NO_MEMORY = /Invalid Buffer|out of memory|OUT_OF_(?:DEVICE|HOST)_MEMORY|bad_alloc|failed to allocate|failed to download/iu;
const NO_ADAPTER = /Failed to get a WebGPU adapter[^\n]*/u;
const LOST = /DEVICE_LOST|device (?:was|is) lost/iu;

/** The largest buffer that this failure says the GPU has, in bytes. */
export const bufferLimitIn = (error: unknown): number | undefined => {
  const [, , limit, , binding] = TOO_LARGE.exec(String(error)) ?? [];
  const bytes = Number(limit ?? binding);
  return Number.isNaN(bytes) ? undefined : bytes;
};

const batchOf = (feeds: GpuRequest['feeds'] = {}): string => {
  const inputs = Object.entries(feeds).flatMap(([name, { dims, location }]) =>
    location === 'cpu' && name.startsWith('batch/') ? [`${name.slice('batch/'.length)} [${dims.join(', ')}]`] : [],
  );
  return inputs.length === 0 ? '' : `; batch ${inputs.join(', ')}`;
};

const asked = ({ need, copied, feeds, resident }: GpuRequest): string => {
  const parts = [
    ...(copied === undefined ? [] : [`"${copied.name}" ${mebibytes(copied.bytes)}`]),
    ...(need === undefined
      ? []
      : [
          `intermediate values about ${mebibytes(need.peak)} at once, the largest [${need.largest.shape.join(', ')}] of ${need.largest.op} ${mebibytes(need.largest.bytes)}`,
        ]),
    `state ${mebibytes(resident)}`,
  ];
  return `(${parts.join('; ')}${batchOf(feeds)})`;
};

const advice = ({ what }: GpuRequest): string =>
  what === 'run'
    ? "Use smaller batches, parts of batches or shorter texts, compute layers again in the backward pass, or set bufferCache 'bucket'. The state is as it was."
    : what === 'load'
      ? 'Use a smaller model, or end what else is on the GPU, then load all of the state.'
      : 'End what else is on the GPU. The state is as it was.';

/** A failure on a GPU in one line: what was asked for, what there is, what to do. Other errors are returned as they are. */
export const explainGpuFailure = (error: unknown, request: GpuRequest): unknown => {
  const message = error instanceof Error ? error.message : String(error);
  const { what, need, copied } = request;
  if (/requires f16/u.test(message))
    return new Error("precision: expected a GPU that computes with 16-bit floats, got one that does not. Use precision 'float32'.", {
      cause: error,
    });
  const [missing] = NO_ADAPTER.exec(message) ?? [];
  if (missing !== undefined)
    return new Error(
      `${what}: expected a GPU that WebGPU can use, got: ${missing}. Install its graphics driver (on Linux one for Vulkan, and libvulkan1), or use provider 'cpu'.`,
      { cause: error },
    );
  if (LOST.test(message))
    return new Error(
      `${what}: expected a GPU that goes on, got the loss of the device ${asked(request)}. Its state is gone: create another engine, with smaller batches, and load the state again.`,
      { cause: error },
    );
  const size = Number(
    TOO_LARGE.exec(message)?.[1] ?? TOO_LARGE.exec(message)?.[3] ?? Math.max(need?.largest.bytes ?? 0, copied?.bytes ?? 0),
  );
  const limit = bufferLimitIn(error) ?? request.limit;
  if (limit !== undefined && size > limit)
    return new Error(
      `${what}: expected GPU buffers of at most ${mebibytes(limit)}, got a value of ${mebibytes(size)} ${asked(request)}. ${advice(request)}`,
      { cause: error },
    );
  if (NO_MEMORY.test(message))
    return new Error(`${what}: expected enough memory on the GPU, got none for a buffer ${asked(request)}. ${advice(request)}`, {
      cause: error,
    });
  return error;
};

/** Bytes of tensors that do not lie in the host's memory. */
export const residentBytes = (tensors: Iterable<Tensor>): number => [...tensors].reduce((sum, tensor) => sum + bytesOf(tensor), 0);
