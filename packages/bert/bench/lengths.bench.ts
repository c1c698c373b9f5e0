import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { batchesByLength, countParameters, createConfig } from '@samequestion/bert';
import { buildPairs, readGroupsFile } from '@samequestion/pairs';
import { Vocabulary, createTokenizer } from '@samequestion/tokenizer';
import type { Bench } from '../../../tools/bench-types.ts';

const shared = fileURLToPath(new URL('../../../../shared/data/', import.meta.url));
const corpus = `${shared}diac2019/train_set.xml`;
const vocabularyFile = `${shared}bert_vocab/vocab.txt`;

const BATCH = 32;
const base = createConfig();
const outside = countParameters(base) - (base.vocab_size + base.max_position_embeddings + base.type_vocab_size) * base.hidden_size;

/** FLOPs of training on one text of so many positions, as design.md counts them. */
const flopsOf = (positions: number): number => 6 * outside * positions + 12 * base.num_hidden_layers * positions ** 2 * base.hidden_size;

export const bench: Bench = {
  name: 'bert-lengths',
  about:
    'Positions computed per pair of the real training data in length-sorted batches of 32, and what an epoch of 12 × 768 costs against padding to 128.',
  run: async (report) => {
    if (!existsSync(corpus) || !existsSync(vocabularyFile)) {
      report({ name: 'skipped', value: 0, unit: '', note: `needs ${corpus}` });
      return;
    }
    const tokenizer = createTokenizer(Vocabulary.fromText(readFileSync(vocabularyFile, 'utf8')));
    const pairs = [...buildPairs(await readGroupsFile(corpus))];
    const lengths = Uint32Array.from(
      pairs,
      ({ question1, question2 }) => tokenizer.encode(question1, question2, { maxLength: 128 }).ids.length,
    );
    const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
    const batches = batchesByLength(lengths, { batchSize: BATCH, seed: 1, epoch: 0 });
    const widths = batches.map((batch) => ({ pairs: batch.length, positions: Math.max(...batch.map((index) => lengths[index] ?? 0)) }));
    const positions = widths.reduce((sum, width) => sum + width.pairs * width.positions, 0) / lengths.length;
    const sorted = widths.reduce((sum, width) => sum + width.pairs * flopsOf(width.positions), 0);
    const padded = lengths.length * flopsOf(128);
    // Any rate gives the same ratio; this one makes the seconds tangible.
    const rate = 1e11;
    report({ name: 'pairs', value: lengths.length, unit: 'pairs' });
    report({ name: 'mean length', value: mean, unit: 'tokens' });
    report({ name: 'positions per pair', value: positions, unit: 'positions', baseline: 'mean length', ratio: positions / mean });
    report({ name: 'epoch, padded to 128', value: padded / rate, unit: 's', note: 'at 100 GFLOP/s' });
    report({
      name: 'epoch, sorted by length',
      value: sorted / rate,
      unit: 's',
      baseline: 'padded to 128',
      ratio: sorted / padded,
      note: `${(padded / sorted).toFixed(2)} × less`,
    });
  },
};
