import { type LabelledPair, hashIntegers, shuffledIndices, uniformStream } from '@samequestion/bert';
import type { Tokenizer } from '@samequestion/tokenizer';

import { type Hidden, type MaskingOptions, hideWords } from './masking.ts';
import type { TextPair } from './pair-examples.ts';
import { prefetched } from './prefetch.ts';
import { type SentenceStore, wordStarts } from './sentence-store.ts';
import { type SequencePlan, type Side, readSequence } from './sequences.ts';

/** What every source of pre-training examples is made with. */
export interface SourceOptions {
  readonly tokenizer: Tokenizer;
  readonly seed: number;
  /** Examples of one chunk: what the training loop calls an epoch. */
  readonly chunkSize: number;
  /** Tokens of a sequence, special tokens counted. */
  readonly maxLength: number;
  /** Share of the tokens that is hidden. */
  readonly maskRate: number;
}

/**
 * Chunks of sequences of running text with hidden words, for the masked-language-model task. The order is drawn anew in each pass over the text, the
 * hidden words each time a sequence is read; all of it depends on the seed and the chunk's number alone.
 */
export function textSource(store: SentenceStore, plan: SequencePlan, options: SourceOptions): (chunk: number) => LabelledPair[] {
  const masking = maskingOptions(options);
  let order: { readonly pass: number; readonly indices: Uint32Array } | undefined;
  return prefetched((position) => {
    const pass = Math.floor(position / plan.count);
    if (order?.pass !== pass) order = { pass, indices: shuffledIndices(plan.count, hashIntegers(options.seed, 0x7e87, pass)) };
    const index = order.indices[position % plan.count] ?? 0;
    const [left, right] = readSequence(store, plan, index, options.maxLength);
    const random = uniformStream(hashIntegers(options.seed, 0x3a5c, pass, index));
    return assemble(
      options.tokenizer,
      { left, right, hiddenLeft: hideWords(left, masking, random), hiddenRight: hideWords(right, masking, random) },
      0,
    );
  }, options.chunkSize);
}

/** Chunks of made pairs, for the joint task: a judgement for each, hidden words in both sides of half of them. The order is drawn anew in each pass. */
export function pairSource(pairs: readonly TextPair[], options: SourceOptions): (chunk: number) => LabelledPair[] {
  const masking = maskingOptions(options);
  const room = Math.floor((options.maxLength - 3) / 2);
  let order: { readonly pass: number; readonly indices: Uint32Array } | undefined;
  return prefetched((position) => {
    const pass = Math.floor(position / pairs.length);
    if (order?.pass !== pass) order = { pass, indices: shuffledIndices(pairs.length, hashIntegers(options.seed, 0x9a18, pass)) };
    const pair = pairs[order.indices[position % pairs.length] ?? 0];
    const random = uniformStream(hashIntegers(options.seed, 0x3a5d, position));
    const hide = random() < 0.5;
    const left = readText(options.tokenizer, pair?.left ?? '', { room, words: hide });
    const right = readText(options.tokenizer, pair?.right ?? '', { room, words: hide });
    const hidden = {
      hiddenLeft: hide ? hideWords(left, masking, random) : [],
      hiddenRight: hide ? hideWords(right, masking, random) : [],
    };
    return assemble(options.tokenizer, { left, right, ...hidden }, pair?.label ?? 0);
  }, options.chunkSize);
}

function maskingOptions({ tokenizer, maskRate }: SourceOptions): MaskingOptions {
  const { vocabulary } = tokenizer;
  const { mask } = vocabulary.specialIds;
  return {
    rate: maskRate,
    maskId: mask,
    firstOrdinary: Math.max(...Object.values(vocabulary.specialIds)) + 1,
    vocabularySize: vocabulary.size,
  };
}

function readText(tokenizer: Tokenizer, text: string, { room, words }: { readonly room: number; readonly words: boolean }): Side {
  const { ids, offsets } = tokenizer.encode(text, undefined, { addSpecialTokens: false });
  const starts = words ? wordStarts(text) : undefined;
  return {
    ids: ids.slice(0, room),
    continuesWord: offsets.slice(0, room).map(([start], index) => index > 0 && starts?.has(start) === false),
  };
}

interface Parts {
  readonly left: Side;
  readonly right: Side;
  readonly hiddenLeft: readonly Hidden[];
  readonly hiddenRight: readonly Hidden[];
}

/** `[CLS] left [SEP] right [SEP]` with the places to predict. */
function assemble({ vocabulary }: Tokenizer, { left, right, hiddenLeft, hiddenRight }: Parts, label: number): LabelledPair {
  const { classification, separator } = vocabulary.specialIds;
  const ids = [classification, ...left.ids, separator, ...right.ids, separator];
  const second = left.ids.length + 2;
  const masked = [
    ...hiddenLeft.map(({ index, token }) => ({ position: 1 + index, id: token })),
    ...hiddenRight.map(({ index, token }) => ({ position: second + index, id: token })),
  ];
  return { ids, types: ids.map((_, index) => (index < second ? 0 : 1)), label, masked };
}
