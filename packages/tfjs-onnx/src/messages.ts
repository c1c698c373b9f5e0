import type { NodeReport } from './profile.ts';
import type { Plan } from './plan.ts';
import type { DataType, TensorValue } from './types.ts';

/** How an engine runs its sessions. */
export interface SessionSettings {
  readonly provider: 'cpu' | 'webgpu';
  /** Threads of ONNX Runtime's pool; its own choice if absent. */
  readonly threads?: number | undefined;
  /** How a GPU's buffers are kept between runs. */
  readonly bufferCache?: 'simple' | 'bucket' | undefined;
  /** Whether intermediate values keep their memory between runs on the CPU. */
  readonly memory?: 'fast' | 'small' | undefined;
}

export type NamedValues = Readonly<Record<string, TensorValue>>;

/** What an engine asks of its worker. */
export type Request =
  | { readonly kind: 'compile'; readonly program: number; readonly plan: Plan; readonly settings: SessionSettings }
  | { readonly kind: 'load'; readonly program: number; readonly state: NamedValues }
  | { readonly kind: 'run'; readonly program: number; readonly batch: NamedValues; readonly sizes: readonly number[] }
  | { readonly kind: 'read'; readonly program: number; readonly names: readonly string[] }
  | { readonly kind: 'explain'; readonly program: number; readonly batch: NamedValues; readonly sizes: readonly number[] }
  | { readonly kind: 'traffic'; readonly program: number }
  | { readonly kind: 'dispose'; readonly program: number }
  | { readonly kind: 'close' };

/** What went between the host and the device since a program was made, in bytes. */
export interface Traffic {
  readonly toDevice: number;
  readonly toHost: number;
}

export type Reply =
  | {
      readonly id: number;
      readonly values: Readonly<Record<string, TensorValue>>;
      readonly nodes: readonly NodeReport[];
      readonly traffic: Traffic;
    }
  | { readonly id: number; readonly error: string };

export interface Envelope {
  readonly id: number;
  readonly request: Request;
}

/** Bytes per value. */
export const BYTES: Readonly<Record<DataType, number>> = { float32: 4, int32: 4, bool: 1 };
