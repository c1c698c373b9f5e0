/** 1: the two questions ask the same thing; 0: they do not. */
export type Label = 0 | 1;

/** Two questions and the judgement on them. */
export interface Pair {
  readonly question1: string;
  readonly question2: string;
  readonly label: Label;
  /** The id of the group that the pair was built from, where there is one. */
  readonly group?: string;
}

/** Questions that ask the same thing, and questions close to them that do not. */
export interface QuestionGroup {
  /** The group's `number` in the competition's XML; its position in the file where it has none. */
  readonly id: string;
  readonly equivalents: readonly string[];
  readonly nonEquivalents: readonly string[];
  /** How many empty questions the reader left out of the two lists. */
  readonly emptyQuestions?: number;
}

/** Text or UTF-8 bytes: whole, or in pieces as a stream gives them. */
export type TextSource = string | Uint8Array | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;
