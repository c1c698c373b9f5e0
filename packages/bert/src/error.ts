/** Where in a model's files or data something is wrong. */
export interface ModelErrorFields {
  /** The file or folder at fault, if one is. */
  readonly path?: string;
  /** Names of tensors that were expected and are absent. */
  readonly missing?: readonly string[];
  /** Names of tensors that are present and were not expected. */
  readonly extra?: readonly string[];
  /** Tensors whose shape is not the configuration's, as `name: expected […], got […]`. */
  readonly misshaped?: readonly string[];
  readonly cause?: unknown;
}

/** Wrong data: a configuration, a model folder, a checkpoint of a run, or an encoded pair that does not fit the model. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  readonly path: string | undefined;
  readonly missing: readonly string[];
  readonly extra: readonly string[];
  readonly misshaped: readonly string[];

  constructor(message: string, fields: ModelErrorFields = {}) {
    super(message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.path = fields.path;
    this.missing = fields.missing ?? [];
    this.extra = fields.extra ?? [];
    this.misshaped = fields.misshaped ?? [];
  }
}
