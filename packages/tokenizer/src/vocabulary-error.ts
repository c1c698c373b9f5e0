/** Where a vocabulary or tokenizer file is wrong. */
export interface VocabularyErrorDetails {
  /** The file, or what stands for it. */
  readonly source?: string;
  /** 1-based line, where the file has lines. */
  readonly line?: number;
  readonly cause?: unknown;
}

/** A vocabulary, or a file that describes a tokenizer, is not what it must be. */
export class VocabularyError extends Error {
  override readonly name: string = 'VocabularyError';
  /** The file, or what stands for it. */
  readonly source: string | undefined;
  /** 1-based line, where the file has lines. */
  readonly line: number | undefined;

  constructor(message: string, details: VocabularyErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.source = details.source;
    this.line = details.line;
  }
}
