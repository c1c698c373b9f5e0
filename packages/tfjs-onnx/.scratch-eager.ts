import * as tf from '@tensorflow/tfjs';
import { registerOnnxBackend } from '@samequestion/tfjs-onnx';
import { onnxBackend } from './src/backend.ts';
registerOnnxBackend();
tf.setBackend('onnx');
const a = tf.tensor([1, 2, 3, 4], [2, 2]);
console.log(await tf.matMul(a, a, true).add(1).data(), tf.sum(a).dataSync(), tf.memory());
const w = tf.variable(tf.zeros([3, 1]));
const b = tf.variable(tf.zeros([1]));
const x = tf.randomNormal([64, 3]);
const y = tf.matMul(x, tf.tensor([1, 2, 3], [3, 1])).add(0.5);
const opt = tf.train.adam(0.1);
const n0 = tf.memory().numTensors;
for (let i = 0; i < 200; i++) {
  const l = opt.minimize(() => tf.losses.meanSquaredError(y, tf.matMul(x, w as tf.Tensor2D).add(b)) as tf.Scalar, true)!;
  if (i % 40 === 0) console.log(i, await l.data(), onnxBackend().compilations, tf.memory().numTensors - n0);
  l.dispose();
}
console.log(w.dataSync(), b.dataSync(), onnxBackend().compilations);
let t = performance.now();
for (let i = 0; i < 200; i++) {
  const l = opt.minimize(() => tf.losses.meanSquaredError(y, tf.matMul(x, w as tf.Tensor2D).add(b)) as tf.Scalar, true)!;
  await l.data();
  l.dispose();
}
console.log((performance.now() - t) / 200, onnxBackend().compilations);
try {
  tf.image.flipLeftRight(tf.ones([1, 2, 2, 1]));
} catch (e) {
  console.log(String(e));
}
