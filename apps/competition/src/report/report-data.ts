/** Everything that a report shows; the page adds nothing of its own. */
export interface ReportData {
  readonly title: string;
  readonly created: string;
  /** One sentence under the title: the main result. */
  readonly summary: string;
  /** What must be said beside every score. */
  readonly warning?: string | undefined;
  /** Name and value of each setting that matters. */
  readonly settings: readonly (readonly [name: string, value: string])[];
  /** More figures, after the score. */
  readonly figures?: readonly ReportFigure[];
  readonly tables: readonly ReportTable[];
  readonly losses: readonly LossPoint[];
  readonly evaluations: readonly EvaluationPoint[];
  /** The baselines on the dev part, beside `evaluations`. */
  readonly devBaselines?: readonly ReportScore[];
  /** Model and baselines on the data that decides; the first is the model. */
  readonly scores: readonly ReportScore[];
  /** On which data `scores`, `confusion` and `mistakes` were measured. */
  readonly scoredOn: string;
  readonly confusion: Confusion | undefined;
  /** Most confident first. */
  readonly mistakes: readonly Mistake[];
}

export interface ReportFigure {
  readonly title: string;
  readonly svg: string;
  readonly caption: string;
}

export interface ReportTable {
  readonly title: string;
  readonly note?: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export interface LossPoint {
  readonly step: number;
  readonly loss: number;
  readonly learningRate: number;
}

export interface EvaluationPoint {
  readonly step: number;
  readonly macroF1: number;
  readonly loss: number;
}

export interface ReportScore {
  readonly name: string;
  readonly macroF1: number;
  readonly accuracy: number;
}

/** Counts by true label, then predicted label. */
export interface Confusion {
  readonly trueNegative: number;
  readonly falsePositive: number;
  readonly falseNegative: number;
  readonly truePositive: number;
}

export interface Mistake {
  readonly question1: string;
  readonly question2: string;
  readonly label: 0 | 1;
  /** Predicted probability of label 1. */
  readonly probability: number;
}
