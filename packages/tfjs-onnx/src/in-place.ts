import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { OnnxGraph } from './protobuf.ts';

/**
 * ONNX Runtime's Node binding copies every output into a new buffer after a run, also one that was given a place: gradients and state of
 * 100 MB cost some 5 % of a step, and garbage. It copies them in the order of the model's outputs, and can't convert a sequence. So a graph
 * whose first output is an empty sequence ends with an error when all outputs lie in their places and none has been copied.
 *
 * @see js/node/src/inference_session_wrap.cc and tensor_helper.cc of onnxruntime 1.30.
 */
const HALT = 'halt';
const HALTED = 'Non tensor type is temporarily not supported';

/** The graph, with the output that keeps the binding from copying the others. */
export const halting = <T extends OnnxGraph>(graph: T): T => ({
  ...graph,
  nodes: [{ op: 'SequenceEmpty', domain: '', inputs: [], outputs: [HALT], attributes: {} }, ...graph.nodes],
  outputs: [{ name: HALT, type: 'float32', shape: [], sequence: true }, ...graph.outputs],
});

/** Passes on what is no such end. */
const unlessHalted = (error: unknown): void => {
  if (!(error instanceof Error && error.message.includes(HALTED))) throw error;
};

type Tensors = Readonly<Record<string, Tensor>>;

/** Runs a {@link halting} graph. Every output is written to its place in `fetches`. */
export const runInPlace = async (session: InferenceSession, feeds: Tensors, fetches: Tensors): Promise<void> => {
  await session.run(feeds, { ...fetches, [HALT]: null }).then(() => undefined, unlessHalted);
};

/** {@link runInPlace} by a function that blocks. */
export const runInPlaceNow = (
  run: (feeds: Tensors, fetches: Readonly<Record<string, Tensor | null>>) => unknown,
  feeds: Tensors,
  fetches: Tensors,
): void => {
  try {
    run(feeds, { ...fetches, [HALT]: null });
  } catch (error) {
    unlessHalted(error);
  }
};
