// Prints the milliseconds from nothing to a first encoding, in a fresh process, with the built package.
import { readFileSync } from 'node:fs';

const [entry, vocabularyFile] = process.argv.slice(2);
const start = performance.now();
const { createTokenizer, Vocabulary } = await import(entry);
const imported = performance.now();
const cpuImported = process.cpuUsage();
const vocabulary = Vocabulary.fromText(readFileSync(vocabularyFile, 'utf8'));
const read = performance.now();
const tokenizer = createTokenizer(vocabulary);
const made = performance.now();
tokenizer.encode('借条没有写还款日期有效吗', '没写还款日期的借条有效吗');
const end = performance.now();
const { user, system } = process.cpuUsage(cpuImported);
console.log(
  JSON.stringify({
    total: end - start,
    import: imported - start,
    vocabulary: read - imported,
    tables: made - read,
    encode: end - made,
    processor: (user + system) / 1000,
  }),
);
