/**
 * Writes ONNX models: the few messages of `onnx.proto` that a graph needs, straight into bytes.
 *
 * @see https://github.com/onnx/onnx/blob/main/onnx/onnx.proto (field numbers) and the protobuf encoding guide.
 */

/** ONNX's numbers for element types. */
export const ELEMENT_TYPE = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9, float16: 10 } as const;
export type ElementType = keyof typeof ELEMENT_TYPE;

/** An attribute of a node: `{ float: 1 }` makes a float of a whole number; bare numbers are integers; `graph` is the body of a loop. */
export type Attribute = number | string | readonly number[] | { readonly float: number } | { readonly graph: OnnxGraph };

export interface OnnxNode {
  readonly op: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** A dimension: its size, or the name of a size that is known only when the graph runs. */
export type OnnxDimension = number | string;

export interface OnnxValue {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly OnnxDimension[];
  /** Whether it is a sequence of such tensors. */
  readonly sequence?: boolean;
}

export interface OnnxTensor {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** Little-endian values; or where they lie in a file beside the model. */
  readonly data: Uint8Array | { readonly location: string; readonly offset: number; readonly length: number };
}

export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  /** What is known of values in between; ONNX Runtime uses it where its own inference sees less. */
  readonly values: readonly OnnxValue[];
}

export interface OnnxModel extends OnnxGraph {
  readonly opset: number;
  readonly metadata?: Readonly<Record<string, string>>;
  /** What the model is, for people. */
  readonly description?: string | undefined;
}

const text = new TextEncoder();

/** A growing message: chunks are joined once, so that weights are copied only then. */
class Message {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  get length(): number {
    return this.#length;
  }

  #push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }

  #varint(value: number): void {
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest > 127n) {
      bytes.push(Number(rest & 127n) | 128);
      rest >>= 7n;
    }
    bytes.push(Number(rest));
    this.#push(Uint8Array.from(bytes));
  }

  integer(field: number, value: number): this {
    this.#varint(field * 8);
    this.#varint(value);
    return this;
  }

  float(field: number, value: number): this {
    this.#varint(field * 8 + 5);
    this.#push(new Uint8Array(Float32Array.of(value).buffer));
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    this.#varint(field * 8 + 2);
    this.#varint(value.length);
    this.#push(value);
    return this;
  }

  string(field: number, value: string): this {
    return this.bytes(field, text.encode(value));
  }

  message(field: number, value: Message): this {
    this.#varint(field * 8 + 2);
    this.#varint(value.length);
    for (const chunk of value.#chunks) this.#push(chunk);
    return this;
  }

  finish(): Uint8Array {
    const result = new Uint8Array(this.#length);
    let at = 0;
    for (const chunk of this.#chunks) {
      result.set(chunk, at);
      at += chunk.length;
    }
    return result;
  }
}

const attribute = (name: string, value: Attribute): Message => {
  const message = new Message().string(1, name);
  if (typeof value === 'number') return message.integer(3, value).integer(20, 2);
  if (typeof value === 'string') return message.string(4, value).integer(20, 3);
  if ('float' in value) return message.float(2, value.float).integer(20, 1);
  if ('graph' in value) return message.message(6, graphMessage(value.graph)).integer(20, 5);
  for (const item of value) message.integer(8, item);
  return message.integer(20, 7);
};

const node = ({ op, domain, inputs, outputs, attributes }: OnnxNode): Message => {
  const message = new Message();
  for (const input of inputs) message.string(1, input);
  for (const output of outputs) message.string(2, output);
  message.string(3, `${op}:${outputs[0] ?? ''}`).string(4, op);
  for (const [name, value] of Object.entries(attributes)) message.message(5, attribute(name, value));
  return domain === '' ? message : message.string(7, domain);
};

const value = ({ name, type, shape, sequence = false }: OnnxValue): Message => {
  const dimensions = new Message();
  for (const size of shape) {
    dimensions.message(1, typeof size === 'number' ? new Message().integer(1, size) : new Message().string(2, size));
  }
  const tensor = new Message().message(1, new Message().integer(1, ELEMENT_TYPE[type]).message(2, dimensions));
  return new Message().string(1, name).message(2, sequence ? new Message().message(4, new Message().message(1, tensor)) : tensor);
};

const entry = (key: string, content: string): Message => new Message().string(1, key).string(2, content);

const initializer = ({ name, type, shape, data }: OnnxTensor): Message => {
  const message = new Message();
  for (const size of shape) message.integer(1, size);
  message.integer(2, ELEMENT_TYPE[type]).string(8, name);
  if (data instanceof Uint8Array) return message.bytes(9, data);
  for (const key of ['location', 'offset', 'length'] as const) message.message(13, entry(key, String(data[key])));
  return message.integer(14, 1);
};

function graphMessage(graph: OnnxGraph): Message {
  const message = new Message();
  for (const item of graph.nodes) message.message(1, node(item));
  message.string(2, graph.name);
  for (const item of graph.initializers) message.message(5, initializer(item));
  for (const item of graph.inputs) message.message(11, value(item));
  for (const item of graph.outputs) message.message(12, value(item));
  for (const item of graph.values) message.message(13, value(item));
  return message;
}

/** The bytes of a `.onnx` file. */
export const encodeModel = (model: OnnxModel): Uint8Array => {
  const message = new Message().integer(1, 8).string(2, '@samequestion/tfjs-onnx');
  if (model.description !== undefined) message.string(6, model.description);
  message.message(7, graphMessage(model));
  message.message(8, new Message().string(1, '').integer(2, model.opset));
  if (model.nodes.some((item) => item.domain !== '')) {
    message.message(8, new Message().string(1, 'com.microsoft').integer(2, 1));
  }
  for (const [key, content] of Object.entries(model.metadata ?? {})) message.message(14, entry(key, content));
  return message.finish();
};
