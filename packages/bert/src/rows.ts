import * as tf from '@tensorflow/tfjs';
import { hasKernel, runKernel } from './kernel.ts';

/**
 * Rows of a table: `[V, H]` and int32 `[N]` to `[N, H]`. The gradient adds the rows up again.
 */
export function rowsAt(table: tf.Tensor, ids: tf.Tensor): tf.Tensor {
  const count = table.shape[0] as number;
  const operation = tf.customGrad((...inputs) => {
    const [from, save] = inputs as [tf.Tensor, tf.GradSaveFunc];
    save([ids]);
    return {
      value: tf.gather(from, ids),
      gradFunc: (upstream: tf.Tensor, saved: tf.Tensor[]) => sumOfRows(upstream, saved[0] as tf.Tensor, count),
    };
  });
  return operation(table);
}

/**
 * Adds each row to the one that its id names: `[N, H]` and int32 `[N]` to `[count, H]`. Named kernel: `SumOfRows` (`x`, `ids`; `count`), because
 * `UnsortedSegmentSum` may visit all rows once for each of `count`, as tfjs's JavaScript backend does.
 */
export function sumOfRows(rows: tf.Tensor, ids: tf.Tensor, count: number): tf.Tensor {
  if (hasKernel('SumOfRows')) return runKernel('SumOfRows', { x: rows, ids }, { count });
  return tf.unsortedSegmentSum(rows, ids as tf.Tensor1D, count);
}
