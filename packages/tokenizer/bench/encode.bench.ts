import { createTokenizer, tokenizerFiles, Vocabulary } from '@samequestion/tokenizer';
import type { Bench, Figure } from '../../../tools/bench-types.ts';
import { installedPeers, type Peer } from './peers.ts';
import { realQuestions } from './questions.ts';

type Pair = readonly [string, string];
type Report = (figure: Figure) => void;

const BATCH = 32;
const ROUNDS = 5;

/** Best of several rounds, in characters (UTF-16 units) a second. */
async function rate(pairs: readonly Pair[], encodeAll: () => Promise<void>): Promise<number> {
  const characters = pairs.reduce((sum, [left, right]) => sum + left.length + right.length, 0);
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    await encodeAll();
    best = Math.min(best, performance.now() - start);
  }
  return (characters / best) * 1000;
}

function batches(pairs: readonly Pair[]): Pair[][] {
  return Array.from({ length: Math.ceil(pairs.length / BATCH) }, (_, i) => pairs.slice(i * BATCH, (i + 1) * BATCH));
}

function used(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Bytes that a call takes from the heap and for buffers, its garbage counted: an estimate, since a collection may fall between. */
function bytesPerCall(calls: number, call: () => unknown): number {
  const held: unknown[] = [];
  const before = used();
  for (let k = 0; k < calls; k++) held.push(call());
  return Math.max(0, used() - before) / held.length;
}

function report(to: Report, what: string, ours: number, rivals: readonly (readonly [string, number])[]): void {
  const [fastest = ['nothing installed', Number.NaN]] = [...rivals].sort((a, b) => b[1] - a[1]);
  to({
    name: `${what}, @samequestion/tokenizer`,
    value: ours,
    unit: 'characters/s',
    ...(rivals.length > 0 && { baseline: fastest[0], ratio: ours / fastest[1] }),
  });
  for (const [name, value] of rivals) to({ name: `${what}, ${name}`, value, unit: 'characters/s' });
}

async function run(to: Report): Promise<void> {
  const data = realQuestions();
  if (data === undefined) {
    to({ name: 'skipped: the real questions are not beside the repository', value: 0, unit: '' });
    return;
  }
  const { pairs } = data;
  const vocabulary = Vocabulary.fromText(data.vocabulary);
  const tokenizer = createTokenizer(vocabulary);
  const peers = await installedPeers(tokenizerFiles(tokenizer), ['@xenova/transformers', '@huggingface/tokenizers', 'tokenizers']);
  if (peers.length === 0) to({ name: 'others are not installed: npm install --ignore-scripts in bench/peers', value: 0, unit: '' });

  const groups = batches(pairs);
  const few = groups.slice(0, 20);
  const ours = await rate(pairs, async () => {
    for (const group of groups) tokenizer.encodeBatch(group);
  });
  const rivals = await rivalRates(peers, few.flat(), (peer) => async () => {
    for (const group of few) await peer.encodeBatch(group);
  });
  report(to, `pairs into padded arrays, ${BATCH} at a time`, ours, rivals);

  const single = await rate(pairs, async () => {
    for (const [left, right] of pairs) tokenizer.encode(left, right);
  });
  const singleRivals = await rivalRates(peers, few.flat(), (peer) => async () => {
    for (const [left, right] of few.flat()) await peer.encode(left, right);
  });
  report(to, 'one pair a call, with offsets', single, singleRivals);

  const [first = [], [pair = ['', '']] = []] = groups;
  to({ name: `memory a call, encodeBatch of ${BATCH} pairs`, value: bytesPerCall(100, () => tokenizer.encodeBatch(first)), unit: 'bytes' });
  to({ name: 'memory a call, encode of a pair', value: bytesPerCall(1000, () => tokenizer.encode(pair[0], pair[1])), unit: 'bytes' });
}

async function rivalRates(
  peers: readonly Peer[],
  pairs: readonly Pair[],
  encodeAll: (peer: Peer) => () => Promise<void>,
): Promise<(readonly [string, number])[]> {
  const rates: (readonly [string, number])[] = [];
  for (const peer of peers) rates.push([peer.name, await rate(pairs, encodeAll(peer))]);
  return rates;
}

export const bench: Bench = {
  name: 'tokenizer: encode',
  about: 'characters a second on the real questions, one thread, beside other libraries (those give no offsets except the Rust binding)',
  run,
};
