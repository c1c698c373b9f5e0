/** A function that can't become a graph, or a graph that can't run. The message names the op and what to do. */
export class OnnxEngineError extends Error {
  override readonly name = 'OnnxEngineError';
  /** The tfjs kernel or the tensor that it is about, where there is one. */
  readonly subject: string | undefined;

  constructor(message: string, options: { readonly subject?: string | undefined; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.subject = options.subject;
  }
}
