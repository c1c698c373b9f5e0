/**
 * Something a reader put right, or left as it is, without losing a question or a pair.
 * What would lose one is refused with a {@link CorpusError}, or reported with `dropped: true` where the caller asked for it.
 */
export interface Defect {
  readonly kind: DefectKind;
  /** Line in the source, from 1. */
  readonly line: number;
  /** One line for people. */
  readonly message: string;
  /** Whether a row was left out. */
  readonly dropped: boolean;
}

/** The kinds of {@link Defect}. */
export type DefectKind =
  | 'byte-order-mark'
  | 'declared-encoding'
  | 'document-type'
  | 'carriage-return'
  | 'blank-line'
  | 'stray-space'
  | 'control-character'
  | 'empty-question'
  | 'empty-group'
  | 'repeated-list'
  | 'missing-number'
  | 'missing-final-newline';

/** Receives each defect as it is found. */
export type DefectListener = (defect: Defect) => void;

/** How many defects of each kind a list holds. */
export function countDefects(defects: Iterable<Defect>): Readonly<Partial<Record<DefectKind, number>>> {
  const counts: Partial<Record<DefectKind, number>> = {};
  for (const { kind } of defects) counts[kind] = (counts[kind] ?? 0) + 1;
  return counts;
}
