import type { Augmented, Candidate, Edit, Operation, Verdict } from './edit.ts';
import { combineVerdicts } from './edit.ts';
import { isProtected, protectionBits } from './protect.ts';
import { Draws, hashText, pickIndex, runningTotals } from './random.ts';
import type { Constraint } from './constraint.ts';
import type { Recipe, Variant, Weighted } from './recipe.ts';
import { choose } from './sounds.ts';
import type { Tools } from './source.ts';
import { Source } from './source.ts';

/** What to make of a text. */
export interface AugmentOptions {
  /** How many different texts to make; 1 by default. */
  readonly count?: number;
  /** Share of the characters that may change, from 0 to 1; one edit may go beyond it. The recipe's own by default. */
  readonly rate?: number;
  /** A whole number; 0 by default. The same text and seed give the same results. */
  readonly seed?: number;
  /** Only variants of the recipe whose results have this verdict. */
  readonly verdict?: Verdict;
}

/** What was made of a text. */
export interface AugmentResult {
  readonly results: readonly Augmented[];
  readonly asked: number;
  /** How often a draw came to nothing, by reason: `nothing to change`, `place taken`, `made before`, `spells another word`, … */
  readonly rejected: Readonly<Record<string, number>>;
}

/** Makes texts by one recipe. */
export interface Augmenter {
  readonly recipe: Recipe;
  /** Name and version of the segmenter that words came from. */
  readonly segmenter: string;
  /** A text ready to be augmented any number of times; what operations look up in it is kept. */
  prepare(text: string): Source;
  augment(text: string | Source, options?: AugmentOptions): AugmentResult;
}

/** Operations to draw from for one text; what each proposes is asked when it is first drawn. */
interface Menu {
  readonly weighted: readonly Weighted[];
  readonly totals: Float64Array;
  readonly salts: Int32Array;
  readonly places: (readonly Candidate[] | undefined)[];
  /** Running totals over the operations that have a place, once all have been asked; 0 in the end where none has. */
  live: Float64Array | undefined;
}
interface Draft {
  readonly edits: Edit[];
  spent: number;
}

function forbiddenBits(operation: Operation): number {
  let bits = protectionBits.number | protectionBits.name | protectionBits.negator | protectionBits.term;
  for (const kind of operation.mayTouch ?? []) bits &= ~protectionBits[kind];
  return bits;
}

const knownBits = new WeakMap<Operation, number>();

function isAllowed(operation: Operation, source: Source, { start, end, choices }: Candidate): boolean {
  let bits = knownBits.get(operation);
  if (bits === undefined) knownBits.set(operation, (bits = forbiddenBits(operation)));
  const marks = operation.unit === 'word' ? source.protectionWithTerms : source.protection;
  return choices.length > 0 && !isProtected(marks, start, end, bits);
}

/** The candidates of an operation that protected spans allow. */
export function allowedCandidates(operation: Operation, source: Source): readonly Candidate[] {
  return operation.propose(source).filter((candidate) => isAllowed(operation, source, candidate));
}

interface Weights {
  readonly totals: Float64Array;
  readonly salts: Int32Array;
}
const knownWeights = new WeakMap<readonly Weighted[], Weights>();

function weightsOf(weighted: readonly Weighted[]): Weights {
  let weights = knownWeights.get(weighted);
  if (weights === undefined) {
    const salts = Int32Array.from(weighted, ({ operation }) => hashText(operation.name));
    knownWeights.set(weighted, (weights = { totals: runningTotals(weighted.map(({ weight }) => weight)), salts }));
  }
  return weights;
}

const noCandidates: readonly Candidate[] = [];
const placesTried = 6;

/** A candidate of one operation, or undefined where the text has none. */
function drawCandidate(menu: Menu, index: number, source: Source, draws: Draws): Candidate | undefined {
  const operation = menu.weighted[index]?.operation;
  const salt = menu.salts[index] ?? 0;
  if (operation === undefined) return undefined;
  if (operation.at !== undefined) {
    for (let tries = 0; tries < placesTried; tries++) {
      const candidate = operation.at(source, draws.below(source.text.length, salt));
      if (candidate !== undefined && isAllowed(operation, source, candidate)) return candidate;
    }
  }
  const places = (menu.places[index] ??= allowedCandidates(operation, source));
  return places[draws.below(places.length, salt)];
}

function liveTotals(menu: Menu, source: Source): Float64Array {
  const weights = menu.weighted.map(({ operation, weight }, index) => {
    const places = (menu.places[index] ??= allowedCandidates(operation, source));
    return places.length > 0 ? weight : 0;
  });
  return runningTotals(weights);
}

/** The index of an operation that has a candidate, and the candidate: drawn by weight, or by trying all where draws miss. */
function drawOperation(menu: Menu, source: Source, draws: Draws): readonly [index: number, candidate: Candidate] | undefined {
  // What an earlier draw has found out must not change this one, except that where nothing has a place, nothing will be found.
  if (menu.live?.at(-1) === 0) return undefined;
  for (let tries = 0; tries < 3; tries++) {
    const index = pickIndex(menu.totals, draws.next());
    const candidate = drawCandidate(menu, index, source, draws);
    if (candidate !== undefined) return [index, candidate];
  }
  const live = (menu.live ??= liveTotals(menu, source));
  if ((live.at(-1) ?? 0) === 0) return undefined;
  const index = pickIndex(live, draws.next());
  const places = menu.places[index] ?? noCandidates;
  const candidate = places[draws.below(places.length)];
  return candidate && [index, candidate];
}

function overlaps(edits: readonly Edit[], start: number, end: number): boolean {
  for (const edit of edits) if (start < edit.end ? end > edit.start || start === edit.start : start === edit.end) return true;
  return false;
}

interface Rules {
  readonly source: Source;
  readonly constraints: readonly Constraint[];
}

/** Draws one edit into the draft; gives the reason where it can't. */
function drawEdit({ source, constraints }: Rules, menu: Menu, draws: Draws, draft: Draft): string | undefined {
  const drawn = drawOperation(menu, source, draws);
  if (drawn === undefined) return 'nothing to change';
  const [index, candidate] = drawn;
  const operation = menu.weighted[index]?.operation;
  if (operation === undefined) return 'nothing to change';
  const { start, end, verdict, cost } = candidate;
  if (overlaps(draft.edits, start, end)) return 'place taken';
  const after = choose(candidate, draws.next(menu.salts[index]));
  const reason = operation.refuses?.(source, candidate, after);
  if (reason !== undefined) return reason;
  const before = start === end ? '' : source.text.slice(start, end);
  if (before === after) return 'changes nothing';
  const edit: Edit = { start, end, before, after, operation: operation.name, verdict };
  for (const constraint of constraints) if (!constraint.allows(edit, source, draft.edits)) return constraint.name;
  let position = draft.edits.length;
  while (position > 0 && (draft.edits[position - 1]?.start ?? 0) > start) position--;
  draft.edits.splice(position, 0, edit);
  draft.spent += cost;
  return undefined;
}

function assemble(text: string, edits: readonly Edit[]): string {
  let result = '';
  let position = 0;
  for (const { start, end, after } of edits) {
    result += text.slice(position, start) + after;
    position = end;
  }
  return result + text.slice(position);
}

/** Makes the drafts of one text and counts what came to nothing. */
class Drafting {
  readonly #rules: Rules;
  readonly #budget: number;
  readonly #rejected: Record<string, number> = {};

  constructor(rules: Rules, budget: number) {
    this.#rules = rules;
    this.#budget = budget;
  }

  get rejected(): Readonly<Record<string, number>> {
    return this.#rejected;
  }

  reject(reason: string): void {
    this.#rejected[reason] = (this.#rejected[reason] ?? 0) + 1;
  }

  #menu(weighted: readonly Weighted[]): Menu {
    const { source } = this.#rules;
    return source.remember(weighted, () => ({ weighted, ...weightsOf(weighted), places: [], live: undefined }));
  }

  /** One try at a text: the variant's one edit first, then edits up to the share. */
  draft({ once, spread }: Variant, draws: Draws): Augmented | undefined {
    const draft: Draft = { edits: [], spent: 0 };
    if (once !== undefined) {
      const menu = this.#menu(once);
      for (let tries = 0; tries < 4 && draft.edits.length === 0; tries++) this.#draw(menu, draws, draft);
      if (draft.edits.length === 0) return undefined;
    }
    if (spread !== undefined && (draft.edits.length === 0 || draft.spent < this.#budget)) {
      const menu = this.#menu(spread);
      for (let failures = 0; failures < 4;) {
        if (!this.#draw(menu, draws, draft)) failures++;
        if (draft.spent >= this.#budget && draft.edits.length > 0) break;
      }
    }
    const { edits } = draft;
    if (edits.length === 0) return undefined;
    return { text: assemble(this.#rules.source.text, edits), edits, verdict: combineVerdicts(edits.map(({ verdict }) => verdict)) };
  }

  /** How many texts the variants can make; no number where edits are drawn until a share is used up. */
  possible(variants: readonly Variant[]): number {
    let sum = 0;
    for (const { once, spread } of variants) {
      if (once === undefined || spread !== undefined) return Infinity;
      const menu = this.#menu(once);
      menu.live ??= liveTotals(menu, this.#rules.source);
      for (const places of menu.places) for (const { choices } of places ?? noCandidates) sum += choices.length;
    }
    return sum;
  }

  #draw(menu: Menu, draws: Draws, draft: Draft): boolean {
    const reason = drawEdit(this.#rules, menu, draws, draft);
    if (reason !== undefined) this.reject(reason);
    return reason === undefined;
  }
}

interface Variants {
  readonly variants: readonly Variant[];
  readonly totals: Float64Array;
}
const knownVariants = new WeakMap<Recipe, Map<Verdict | undefined, Variants>>();

function variantsOf(recipe: Recipe, verdict: Verdict | undefined): Variants {
  let byVerdict = knownVariants.get(recipe);
  if (byVerdict === undefined) knownVariants.set(recipe, (byVerdict = new Map()));
  let found = byVerdict.get(verdict);
  if (found === undefined) {
    const variants = recipe.variants.filter((variant) => verdict === undefined || variant.verdict === verdict);
    byVerdict.set(verdict, (found = { variants, totals: runningTotals(variants.map(({ weight }) => weight)) }));
  }
  return found;
}

const triesPerResult = 6;

function check(options: AugmentOptions): void {
  const { count = 1, rate = 0 } = options;
  if (!Number.isInteger(count) || count < 0) {
    throw new RangeError(`augment: expected count as a whole number from 0, got ${count}. Ask for as many results as you want.`);
  }
  if (!(rate >= 0 && rate <= 1)) throw new RangeError(`augment: expected rate from 0 to 1, got ${rate}. It is a share of the characters.`);
}

function augment(source: Source, recipe: Recipe, options: AugmentOptions): AugmentResult {
  check(options);
  const { count = 1, rate = recipe.rate, seed = 0, verdict } = options;
  const { variants, totals } = variantsOf(recipe, verdict);
  const drafting = new Drafting({ source, constraints: recipe.constraints ?? [] }, rate * source.length);
  const item = hashText(source.text, seed);
  const results: Augmented[] = [];
  for (let stream = 0; results.length < count && stream < count * triesPerResult && variants.length > 0; stream++) {
    const draws = new Draws(seed, item, stream);
    const variant = variants[pickIndex(totals, draws.next())];
    const made = variant === undefined ? undefined : drafting.draft(variant, draws);
    if (made !== undefined && made.text !== source.text && !results.some(({ text }) => text === made.text)) {
      results.push(made);
      continue;
    }
    if (made !== undefined) drafting.reject('made before');
    if (results.length >= drafting.possible(variants)) break;
  }
  return { results, asked: count, rejected: drafting.rejected };
}

/** An augmenter of texts from a recipe and tools that are at hand; `createAugmenter` finds the tools. */
export function augmenterOf(recipe: Recipe, tools: Tools): Augmenter {
  const prepare = (text: string): Source => new Source(text, tools);
  return {
    recipe,
    segmenter: tools.segmenter?.name ?? 'none',
    prepare,
    augment: (text, options = {}) => augment(typeof text === 'string' ? prepare(text) : text, recipe, options),
  };
}
