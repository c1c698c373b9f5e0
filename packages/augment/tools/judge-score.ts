/**
 * Joins judgements with the key: `judge-score.ts [FOLDER]` reads `sample.jsonl`, `key.jsonl` and `judgements.jsonl` of FOLDER
 * (packages/augment/judged/round-1) and writes `report.md`: precision by operation and by verdict, and every disagreement.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Verdict } from '@samequestion/augment';

/** What a reader may say: `unclear` where nobody can say, or the edited text is no sensible question. */
type Judgement = 'keeps' | 'flips' | 'unclear';

interface Row {
  readonly id: string;
  readonly question: string;
  readonly edited: string;
  readonly operation: string;
  readonly verdict: Verdict;
  readonly judgement: Judgement;
}

const folder = new URL(
  process.argv[2] === undefined ? '../judged/round-1/' : `file://${process.cwd()}/${process.argv[2]}/`,
  import.meta.url,
);

function read<Fields>(name: string): Map<string, Fields & { readonly id: string }> {
  const lines = readFileSync(new URL(name, folder), 'utf8').split('\n').filter(Boolean);
  return new Map(
    lines.map((line) => {
      const row = JSON.parse(line) as Fields & { readonly id: string };
      return [row.id, row];
    }),
  );
}

const sample = read<{ question: string; edited: string }>('sample.jsonl');
const key = read<{ operation: string; verdict: Verdict }>('key.jsonl');
const judgements = read<{ judgement: Judgement }>('judgements.jsonl');
const missing = [...sample.keys()].filter((id) => !judgements.has(id));
if (missing.length > 0) {
  throw new Error(
    `judge-score: expected a judgement for each of ${sample.size} edits, got none for ${missing.slice(0, 5).join(', ')} and ${missing.length} in all. Judge them.`,
  );
}
const rows: Row[] = [];
for (const [id, { question, edited }] of sample) {
  const [made, judged] = [key.get(id), judgements.get(id)];
  if (made === undefined || judged === undefined)
    throw new Error(`judge-score: expected ${id} in key.jsonl, got nothing. Draw the sample and its key together.`);
  rows.push({ id, question, edited, operation: made.operation, verdict: made.verdict, judgement: judged.judgement });
}

function percent(part: number, whole: number): string {
  return whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;
}

function precision(some: readonly Row[], verdict: Verdict): string {
  const called = some.filter((row) => row.verdict === verdict);
  return `${called.filter((row) => row.judgement === verdict).length} of ${called.length} (${percent(called.filter((row) => row.judgement === verdict).length, called.length)})`;
}

const unknown = rows.filter(({ verdict }) => verdict === 'unknown').length;
const operations = [...new Set(rows.map(({ operation }) => operation))].toSorted();
const table = operations.map((operation) => {
  const some = rows.filter((row) => row.operation === operation);
  const called = (['keeps', 'flips', 'unknown'] as const).filter((verdict) => some.some((row) => row.verdict === verdict)).join(', ');
  const right = some.filter((row) => row.judgement === row.verdict).length;
  const judged = (['keeps', 'flips', 'unclear'] as const).map((verdict) => some.filter((row) => row.judgement === verdict).length);
  return `| ${operation} | ${called} | ${some.length} | ${judged.join(' | ')} | ${called === 'unknown' ? '–' : percent(right, some.length)} |`;
});
const disagreements = rows.filter(({ verdict, judgement }) => verdict !== 'unknown' && verdict !== judgement);
const report = [
  '# Edits judged one by one',
  '',
  `${rows.length} edits, drawn by tools/judge-sample.ts on the questions of data/sample, judged by a reader who saw the question before and after and nothing else.`,
  '',
  `- called \`keeps\` and judged so: ${precision(rows, 'keeps')}`,
  `- called \`flips\` and judged so: ${precision(rows, 'flips')}`,
  `- called \`unknown\`: ${unknown} of ${rows.length} (${percent(unknown, rows.length)})`,
  '',
  '| operation | called | edits | judged keeps | judged flips | judged unclear | agreement |',
  '|---|---|---|---|---|---|---|',
  ...table,
  '',
  `## Disagreements (${disagreements.length})`,
  '',
  '| operation | called | judged | before | after |',
  '|---|---|---|---|---|',
  ...disagreements.map(
    ({ operation, verdict, judgement, question, edited }) => `| ${operation} | ${verdict} | ${judgement} | ${question} | ${edited} |`,
  ),
  '',
].join('\n');
writeFileSync(new URL('report.md', folder), report);
console.log(report.split('\n').slice(4, 7).join('\n'));
