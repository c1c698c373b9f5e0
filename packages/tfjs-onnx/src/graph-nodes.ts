import type { Described, NodeOptions } from './operand.ts';
import type { ElementType, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from './protobuf.ts';
import { sizeName } from './size.ts';
import type { DataType } from './types.ts';
import type { Values } from './value.ts';

const bytesOf = (data: Values | BigInt64Array): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** The values that a node reads, those among them that graphs inside of it read from outside. */
const readBy = ({ inputs, attributes }: OnnxNode): readonly string[] => [
  ...inputs,
  ...Object.values(attributes).flatMap((attribute) =>
    typeof attribute === 'object' && 'graph' in attribute ? attribute.graph.nodes.flatMap(readBy) : [],
  ),
];

/** Nodes, constants and inputs by name, as ONNX has them: equal nodes and equal constants exist once. */
export class GraphNodes {
  readonly symbols: readonly string[];
  /** What the names of its values begin with. */
  readonly prefix: string;
  readonly #nodes: OnnxNode[] = [];
  readonly #byContent = new Map<string, readonly string[]>();
  readonly #initializers = new Map<string, OnnxTensor>();
  readonly #described = new Map<string, Described>();
  readonly #inputs: OnnxValue[] = [];
  /** The node behind each value. */
  readonly #producers = new Map<string, OnnxNode>();
  #names = 0;

  constructor(symbols: readonly string[], prefix = '') {
    this.symbols = symbols;
    this.prefix = prefix;
  }

  /** A prefix for the names of a graph inside of this one. */
  scope(): string {
    return `${this.prefix}s:${this.#names++}/`;
  }

  #describe(name: string, { type, shape }: Described): OnnxValue {
    return { name, type, shape: shape.map((size) => (typeof size === 'number' ? size : sizeName(size, this.symbols))) };
  }

  /** Declares an input of the model. */
  declare(name: string, described: Described): void {
    this.#described.set(name, described);
    this.#inputs.push(this.#describe(name, described));
  }

  /** Type and shape of a value. */
  described(name: string): Described {
    return this.#described.get(name) ?? { type: 'float32', shape: [] };
  }

  /** The node that computes a value; none for inputs and constants. */
  producer(name: string): OnnxNode | undefined {
    return this.#producers.get(name);
  }

  /** Adds a constant with a name of its own. */
  store(name: string, type: DataType, shape: readonly number[], data: Values): void {
    this.#described.set(name, { type, shape });
    this.#initializers.set(`weight ${name}`, { name, type, shape, data: bytesOf(data) });
  }

  /** Adds a node with several outputs, or finds the equal one; an output that is described as undefined is left out. */
  nodes(op: string, inputs: readonly string[], outputs: readonly (Described | undefined)[], options: NodeOptions = {}): readonly string[] {
    const { domain = '', attributes = {} } = options;
    const key = JSON.stringify([op, domain, inputs, attributes, outputs.length]);
    const known = this.#byContent.get(key);
    if (known !== undefined) return known;
    const names = outputs.map((described) => {
      if (described === undefined) return '';
      const name = `${this.prefix}t:${this.#names++}`;
      this.#described.set(name, described);
      return name;
    });
    const node = { op, domain, inputs, outputs: names, attributes };
    this.#nodes.push(node);
    for (const name of names) this.#producers.set(name, node);
    this.#byContent.set(key, names);
    return names;
  }

  /** Adds a node with one output, or finds the equal one; returns the output's name. */
  node(op: string, inputs: readonly string[], output: Described, options: NodeOptions = {}): string {
    return this.nodes(op, inputs, [output], options)[0] ?? '';
  }

  /** The name of a constant; a small one that is there already is found. */
  initializer(type: ElementType, shape: readonly number[], data: Values | BigInt64Array): string {
    const small = data.length <= 64;
    const key = small ? `${type}[${shape.join(',')}]:${[...bytesOf(data)].join(',')}` : `#${this.#names}`;
    const known = this.#initializers.get(key);
    if (known !== undefined) return known.name;
    const name = `${this.prefix}c:${this.#names++}`;
    this.#initializers.set(key, { name, type, shape, data: bytesOf(data) });
    this.#described.set(name, { type, shape });
    return name;
  }

  /** Adds an Identity that gives a value this name. */
  rename(from: string, name: string): void {
    const node = { op: 'Identity', domain: '', inputs: [from], outputs: [name], attributes: {} };
    this.#nodes.push(node);
    this.#producers.set(name, node);
    this.#described.set(name, this.described(from));
  }

  /** What computes `outputs`, without the nodes, constants and (unless all are asked for) inputs that nothing needs. */
  parts(outputs: readonly string[], allInputs = false): Pick<OnnxModel, 'nodes' | 'initializers' | 'inputs' | 'outputs' | 'values'> {
    const needed = new Set(outputs);
    const nodes: OnnxNode[] = [];
    for (const node of this.#nodes.toReversed()) {
      if (!node.outputs.some((name) => needed.has(name))) continue;
      nodes.push(node);
      for (const name of readBy(node)) needed.add(name);
    }
    nodes.reverse();
    const produced = new Set(nodes.flatMap((node) => node.outputs));
    const describe = (name: string): OnnxValue => this.#describe(name, this.described(name));
    return {
      nodes,
      initializers: [...this.#initializers.values()].filter(({ name }) => needed.has(name)),
      inputs: allInputs ? this.#inputs : this.#inputs.filter(({ name }) => needed.has(name)),
      outputs: outputs.map(describe),
      values: [...produced].filter((name) => name !== '' && !outputs.includes(name)).map(describe),
    };
  }
}
