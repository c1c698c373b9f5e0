import { readFileSync } from 'node:fs';

/** The questions of a competition file in the project's sample data, each once, in the file's order. */
export function sampleQuestions(file: URL | string = new URL('../../../data/sample/train_set.xml', import.meta.url)): readonly string[] {
  const found = readFileSync(file, 'utf8').matchAll(/<question>([^<]*)<\/question>/gu);
  const entities: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'", '&amp;': '&' };
  const questions = Array.from(found, ([, text = '']) => text.replaceAll(/&\w+;/gu, (entity) => entities[entity] ?? entity).trim());
  return [...new Set(questions)].filter((question) => question !== '');
}

/** The questions of the sample test file (rows of qid, question, question), each once. */
export function testQuestions(file: URL | string = new URL('../../../data/sample/test_set.csv', import.meta.url)): readonly string[] {
  const rows = readFileSync(file, 'utf8').split(/\r?\n/u).slice(1);
  return [...new Set(rows.flatMap((row) => row.split('\t').slice(1)))].filter((question) => question !== '');
}
