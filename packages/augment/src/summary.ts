import type { Verdict } from './edit.ts';
import type { EditRecord, ItemResult } from './item.ts';
import { editRecords } from './item.ts';
import { hashText } from './random.ts';

/** What a run of augmentation made. */
export interface Summary {
  readonly items: number;
  readonly asked: number;
  readonly made: number;
  /** Items that gave fewer results than asked for. */
  readonly short: number;
  readonly byOperation: Readonly<Record<string, number>>;
  /** Edited questions by what their edits do. */
  readonly byVerdict: Readonly<Record<Verdict, number>>;
  /** Pairs made by label; empty for texts. */
  readonly byLabel: Readonly<Record<string, number>>;
  readonly rejected: Readonly<Record<string, number>>;
  /** Edited questions to read: the same ones whatever order the items came in. */
  readonly samples: readonly EditRecord[];
}

/** Counts results as they come. */
export class SummaryCounter {
  readonly #byOperation: Record<string, number> = {};
  readonly #byVerdict: Record<Verdict, number> = { keeps: 0, flips: 0, unknown: 0 };
  readonly #byLabel: Record<string, number> = {};
  readonly #rejected: Record<string, number> = {};
  readonly #sampleCount: number;
  #samples: { readonly rank: number; readonly record: EditRecord }[] = [];
  #items = 0;
  #asked = 0;
  #made = 0;
  #short = 0;

  /** @param samples How many questions to keep for reading; twenty by default. */
  constructor(samples = 20) {
    this.#sampleCount = samples;
  }

  /** Counts an item's results. */
  add(made: ItemResult): void {
    const { results, asked, rejected } = made.result;
    this.#items++;
    this.#asked += asked;
    this.#made += results.length;
    if (results.length < asked) this.#short++;
    for (const [reason, times] of Object.entries(rejected)) count(this.#rejected, reason, times);
    if (made.kind === 'pair') for (const { label } of made.result.results) count(this.#byLabel, String(label ?? 'unknown'));
    for (const record of editRecords(made)) this.#addRecord(record);
  }

  #addRecord(record: EditRecord): void {
    const verdicts = record.edits.map(({ verdict }) => verdict);
    this.#byVerdict[verdicts.includes('unknown') ? 'unknown' : verdicts.includes('flips') ? 'flips' : 'keeps']++;
    for (const { operation } of record.edits) count(this.#byOperation, operation);
    const rank = hashText(`${record.source}\n${record.text}`) >>> 0;
    const last = this.#samples.at(-1);
    if (last !== undefined && this.#samples.length >= this.#sampleCount && rank >= last.rank) return;
    this.#samples.push({ rank, record });
    this.#samples.sort((a, b) => a.rank - b.rank || (a.record.text < b.record.text ? -1 : 1));
    this.#samples = this.#samples.slice(0, this.#sampleCount);
  }

  /** The counts so far. */
  summary(): Summary {
    return {
      items: this.#items,
      asked: this.#asked,
      made: this.#made,
      short: this.#short,
      byOperation: sorted(this.#byOperation),
      byVerdict: { ...this.#byVerdict },
      byLabel: sorted(this.#byLabel),
      rejected: sorted(this.#rejected),
      samples: this.#samples.map(({ record }) => record),
    };
  }
}

function count(counts: Record<string, number>, key: string, times = 1): void {
  counts[key] = (counts[key] ?? 0) + times;
}

function sorted(counts: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(counts).sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1)));
}

/** A summary as lines to read. */
export function formatSummary(summary: Summary): string {
  const table = (title: string, counts: Readonly<Record<string, number>>): string[] => {
    const rows = Object.entries(counts).filter(([, times]) => times > 0);
    return rows.length === 0 ? [] : ['', title, ...rows.map(([name, times]) => `  ${name.padEnd(24)}${String(times).padStart(10)}`)];
  };
  const samples = summary.samples.map(({ source, text, edits }) => {
    const what = edits.map(({ operation, verdict }) => `${operation}: ${verdict}`).join(', ');
    return `  ${source}\n    ${text}   (${what})`;
  });
  return [
    `${summary.made} made of ${summary.asked} asked for, from ${summary.items} items; ${summary.short} items gave fewer than asked for`,
    ...table('edits by operation', summary.byOperation),
    ...table('edited questions by verdict', summary.byVerdict),
    ...table('pairs by label', summary.byLabel),
    ...table('draws that came to nothing', summary.rejected),
    ...(samples.length === 0 ? [] : ['', 'samples', ...samples]),
  ].join('\n');
}
