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
  const found = new Map<string, Fields & { readonly id: string }>();
  for (const [index, line] of readFileSync(new URL(name, folder), 'utf8').split('\n').entries()) {
    if (line.trim() === '') continue;
    const row = JSON.parse(line) as Fields & { readonly id: string };
    if (found.has(row.id))
      throw new Error(`judge-score: ${name}: line ${index + 1}: expected each id once, got ${row.id} again. Keep one of them.`);
    found.set(row.id, row);
  }
  return found;
}

function some(ids: readonly string[]): string {
  return `${ids.slice(0, 5).join(', ')} and ${ids.length} in all`;
}

const sample = read<{ question: string; edited: string }>('sample.jsonl');
const key = read<{ operation: string; verdict: Verdict }>('key.jsonl');
const judgements = read<{ judgement: Judgement }>('judgements.jsonl');
const missing = [...sample.keys()].filter((id) => !judgements.has(id));
if (missing.length > 0)
  throw new Error(`judge-score: expected a judgement for each of ${sample.size} edits, got none for ${some(missing)}. Judge them.`);
const strange = [...judgements.keys()].filter((id) => !sample.has(id));
if (strange.length > 0)
  throw new Error(`judge-score: expected ids of sample.jsonl in judgements.jsonl, got ${some(strange)}. Take them out.`);
const unreadable = [...judgements.values()]
  .filter(({ judgement }) => !['keeps', 'flips', 'unclear'].includes(judgement))
  .map(({ id }) => id);
if (unreadable.length > 0)
  throw new Error(`judge-score: expected keeps, flips or unclear, got another judgement for ${some(unreadable)}. Say which.`);
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

function precision(of: readonly Row[], verdict: Verdict): string {
  const called = of.filter((row) => row.verdict === verdict);
  return `${called.filter((row) => row.judgement === verdict).length} of ${called.length} (${percent(called.filter((row) => row.judgement === verdict).length, called.length)})`;
}

const unknown = rows.filter(({ verdict }) => verdict === 'unknown').length;
const operations = [...new Set(rows.map(({ operation }) => operation))].toSorted();
const table = operations.map((operation) => {
  const of = rows.filter((row) => row.operation === operation);
  const called = (['keeps', 'flips', 'unknown'] as const).filter((verdict) => of.some((row) => row.verdict === verdict)).join(', ');
  const right = of.filter((row) => row.judgement === row.verdict).length;
  const judged = (['keeps', 'flips', 'unclear'] as const).map((verdict) => of.filter((row) => row.judgement === verdict).length);
  return `| ${operation} | ${called} | ${of.length} | ${judged.join(' | ')} | ${called === 'unknown' ? '–' : percent(right, of.length)} |`;
});
const disagreements = rows.filter(({ verdict, judgement }) => verdict !== 'unknown' && verdict !== judgement);
const report = [
  '# Edits judged one by one',
  '',
  `${rows.length} edits of ${new Set([...sample.values()].map(({ question }) => question)).size} questions, drawn by tools/judge-sample.ts, judged by readers who saw the question before and after and nothing else.`,
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
