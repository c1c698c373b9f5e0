import { Tensor } from 'onnxruntime-node';
import type { SizeFeed } from './operand.ts';
import { evaluate } from './size.ts';
import type { DataType, TensorValue } from './types.ts';

/** A tensor of ONNX Runtime over the same memory. */
export const toTensor = ({ dtype, data, shape }: TensorValue): Tensor => {
  if (dtype === 'float32') return new Tensor('float32', data as Float32Array, shape);
  if (dtype === 'int32') return new Tensor('int32', data as Int32Array, shape);
  return new Tensor('bool', data as Uint8Array, shape);
};

/** The values of a tensor that lies in the host's memory. */
export const toValue = (tensor: Tensor, dtype: DataType): TensorValue => ({
  dtype,
  shape: tensor.dims,
  data: tensor.data as TensorValue['data'],
});

/** As {@link toValue}; a part of a larger buffer is copied, because a message would carry the whole buffer. */
export const ownValue = (tensor: Tensor, dtype: DataType): TensorValue => {
  const value = toValue(tensor, dtype);
  return value.data.byteLength === value.data.buffer.byteLength ? value : { ...value, data: value.data.slice() };
};

/** Bytes of a tensor's values, wherever it lies. */
export const bytesOf = (tensor: Tensor): number => tensor.size * (tensor.type === 'int64' ? 8 : tensor.type === 'bool' ? 1 : 4);

/** How many values a shape has. */
export const countOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** Zeros. */
export const blank = (dtype: DataType, shape: readonly number[]): TensorValue => {
  const count = shape.reduce((product, size) => product * size, 1);
  const data = dtype === 'float32' ? new Float32Array(count) : dtype === 'int32' ? new Int32Array(count) : new Uint8Array(count);
  return { dtype, shape, data };
};

/** The values of a size feed in one run. */
export const toSizeTensor = ({ type, sizes: wanted, scalar }: SizeFeed, sizes: readonly number[]): Tensor => {
  const numbers = wanted.map((size) => evaluate(size, sizes));
  const shape = scalar ? [] : [numbers.length];
  if (type === 'int64')
    return new Tensor(
      'int64',
      BigInt64Array.from(numbers, (number) => BigInt(Math.round(number))),
      shape,
    );
  if (type === 'int32') return new Tensor('int32', Int32Array.from(numbers, Math.round), shape);
  return new Tensor('float32', Float32Array.from(numbers), shape);
};
