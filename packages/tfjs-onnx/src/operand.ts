import type { Attribute, ElementType } from './protobuf.ts';
import { sameSize, type Size } from './size.ts';
import type { DataType } from './types.ts';

/**
 * A value of the graph under construction. `stored` broadcasts to `shape`: tfjs broadcasts by multiplying with ones, and a
 * value that is only stretched is kept small for as long as the nodes that use it broadcast by themselves.
 */
export interface Operand {
  readonly name: string;
  readonly dtype: DataType;
  readonly shape: readonly Size[];
  readonly stored: readonly Size[];
  /** The one number in it, where that is known. */
  readonly value?: number;
}

/** Where a graph is to run. A portable one has ONNX's own operators only and finds the sizes of a run in its inputs' shapes. */
export type Target = 'cpu' | 'webgpu' | 'portable';

/** The type in which products are computed. */
export type Precision = 'float32' | 'float16';

export interface GraphOptions {
  readonly target: Target;
  readonly precision?: Precision | undefined;
}

/** A small host-side input whose values follow from the sizes of a run. */
export interface SizeFeed {
  readonly name: string;
  readonly type: 'int64' | 'float32' | 'int32';
  readonly sizes: readonly Size[];
  readonly scalar: boolean;
}

/** A value's type and shape. */
export interface Described {
  readonly type: ElementType;
  readonly shape: readonly Size[];
}

/** What a node has besides inputs and outputs. */
export interface NodeOptions {
  readonly domain?: string;
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

export const OPSET = 18;

/** ONNX Runtime's own operators. */
export const MICROSOFT = 'com.microsoft';

/** The shape to which shapes broadcast (numpy's rule). */
export const broadcastSizes = (...shapes: readonly (readonly Size[])[]): readonly Size[] => {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) => {
    for (const shape of shapes) {
      const size = shape[axis - rank + shape.length] ?? 1;
      if (!sameSize(size, 1)) return size;
    }
    return 1;
  });
};
