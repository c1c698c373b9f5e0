import { existsSync, readFileSync } from 'node:fs';

const root = new URL('../../../../shared/', import.meta.url);

/** Pairs of real questions and the vocabulary of bert-base-chinese, or undefined where the shared folder is absent. */
export function realQuestions(): { readonly pairs: readonly (readonly [string, string])[]; readonly vocabulary: string } | undefined {
  const rows = new URL('data/diac2019/dev_set.csv', root);
  const vocabulary = new URL('data/bert_vocab/vocab.txt', root);
  if (!existsSync(rows) || !existsSync(vocabulary)) return undefined;
  const pairs = readFileSync(rows, 'utf8')
    .trimEnd()
    .split('\r\n')
    .slice(1)
    .map((row): readonly [string, string] => {
      const [, left = '', right = ''] = row.split('\t');
      return [left, right];
    });
  return { pairs, vocabulary: readFileSync(vocabulary, 'utf8') };
}
