import { OnnxEngineError } from './errors.ts';
import type { Graph } from './graph.ts';
import type { Expression, Size } from './size.ts';

/** A graph input and the axis whose size a symbol is. */
export interface SymbolSource {
  readonly input: string;
  readonly axis: number;
}

interface ComputeOptions {
  readonly type: 'int64' | 'int32' | 'float32';
  readonly sourceOf: (symbol: string) => SymbolSource | undefined;
}

type Term = Expression['terms'][number];

/** p / q of a coefficient, for a q up to 1,000; sizes of shapes are whole numbers or halves, thirds … of such. */
const fractionOf = (value: number): readonly [number, number] => {
  for (let q = 1; q <= 1000; q++) if (Math.abs(value * q - Math.round(value * q)) < 1e-9) return [Math.round(value * q), q];
  throw new OnnxEngineError(`toOnnx: expected a size that is a simple multiple of a symbolic one, got a factor ${value}.`);
};

/** Adds the nodes that compute a size from the shapes of the inputs; returns the name of a tensor `[1]`. */
export const computeSize = (graph: Graph, size: Size, { type, sourceOf }: ComputeOptions): string => {
  const one = { type: 'int64', shape: [1] } as const;
  const float = { type: 'float32', shape: [1] } as const;
  const symbol = (index: number): string => {
    const name = graph.symbols[index] ?? '';
    const source = sourceOf(name);
    if (source === undefined) throw new OnnxEngineError(`toOnnx: expected an input with an axis "${name}", got none.`, { subject: name });
    return graph.node('Shape', [source.input], one, { attributes: { start: source.axis, end: source.axis + 1 } });
  };
  const product = (powers: readonly number[], sign: 1 | -1): string | undefined => {
    const factors = powers.flatMap((power, i) => Array.from({ length: Math.max(power * sign, 0) }, () => symbol(i)));
    return factors.length === 0 ? undefined : factors.reduce((a, b) => graph.node('Mul', [a, b], one));
  };
  const whole = ({ coefficient, powers }: Term): string => {
    const [p, q] = fractionOf(coefficient);
    const above = product(powers, 1);
    const below = product(powers, -1);
    let value = above ?? graph.integers([p]);
    if (above !== undefined && p !== 1) value = graph.node('Mul', [above, graph.integers([p])], one);
    if (below !== undefined) value = graph.node('Div', [value, below], one);
    return q === 1 ? value : graph.node('Div', [value, graph.integers([q])], one);
  };
  const real = ({ coefficient, powers }: Term): string => {
    const toFloat = (name: string): string => graph.node('Cast', [name], float, { attributes: { to: 1 } });
    const above = product(powers, 1);
    const below = product(powers, -1);
    const factor = graph.constant('float32', [1], Float32Array.of(coefficient)).name;
    const value = above === undefined ? factor : graph.node('Mul', [toFloat(above), factor], float);
    return below === undefined ? value : graph.node('Div', [value, toFloat(below)], float);
  };
  const terms = typeof size === 'number' ? [{ coefficient: size, powers: [] }] : size.terms;
  if (type === 'float32') return terms.map(real).reduce((a, b) => graph.node('Add', [a, b], float));
  const value = terms.map(whole).reduce((a, b) => graph.node('Add', [a, b], one));
  return type === 'int64' ? value : graph.node('Cast', [value], { type: 'int32', shape: [1] }, { attributes: { to: 6 } });
};
