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

interface Places {
  readonly operation: Operation;
  readonly salt: number;
  readonly weight: number;
  readonly candidates: readonly Candidate[];
}
interface Menu {
  readonly places: readonly Places[];
  readonly totals: Float64Array;
}
interface Draft {
  readonly edits: Edit[];
  spent: number;
}

const emptyMenu: Menu = { places: [], totals: new Float64Array(0) };

/** The candidates of an operation that protected spans allow. */
export function allowedCandidates(operation: Operation, source: Source): readonly Candidate[] {
  const marks = operation.unit === 'word' ? source.protectionWithTerms : source.protection;
  let bits = protectionBits.number | protectionBits.name | protectionBits.negator | protectionBits.term;
  for (const kind of operation.mayTouch ?? []) bits &= ~protectionBits[kind];
  return operation.propose(source).filter(({ start, end, choices }) => choices.length > 0 && !isProtected(marks, start, end, bits));
}

function menuOf(weighted: readonly Weighted[], source: Source): Menu {
  const places: Places[] = [];
  for (const { operation, weight } of weighted) {
    const candidates = allowedCandidates(operation, source);
    if (candidates.length > 0) places.push({ operation, salt: hashText(operation.name), weight, candidates });
  }
  return places.length === 0 ? emptyMenu : { places, totals: runningTotals(places.map(({ weight }) => weight)) };
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
  const place = menu.places[pickIndex(menu.totals, draws.next())];
  if (place === undefined) return 'nothing to change';
  const candidate = place.candidates[draws.below(place.candidates.length, place.salt)];
  if (candidate === undefined) return 'nothing to change';
  const { start, end, verdict, cost } = candidate;
  if (overlaps(draft.edits, start, end)) return 'place taken';
  const after = choose(candidate, draws.next(place.salt));
  const reason = place.operation.refuses?.(source, candidate, after);
  if (reason !== undefined) return reason;
  const before = start === end ? '' : source.text.slice(start, end);
  if (before === after) return 'changes nothing';
  const edit: Edit = { start, end, before, after, operation: place.operation.name, verdict };
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
    return source.remember(weighted, () => menuOf(weighted, source));
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
        if (menu.places.length === 0 || draft.spent >= this.#budget) break;
      }
    }
    const { edits } = draft;
    if (edits.length === 0) return undefined;
    return { text: assemble(this.#rules.source.text, edits), edits, verdict: combineVerdicts(edits.map(({ verdict }) => verdict)) };
  }

  #draw(menu: Menu, draws: Draws, draft: Draft): boolean {
    const reason = drawEdit(this.#rules, menu, draws, draft);
    if (reason !== undefined) this.reject(reason);
    return reason === undefined;
  }
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
  const variants = verdict === undefined ? recipe.variants : recipe.variants.filter((variant) => variant.verdict === verdict);
  const drafting = new Drafting({ source, constraints: recipe.constraints ?? [] }, rate * source.length);
  const totals = runningTotals(variants.map(({ weight }) => weight));
  const item = hashText(source.text, seed);
  const results: Augmented[] = [];
  const usable = new Set(variants);
  for (let stream = 0; results.length < count && stream < count * triesPerResult && usable.size > 0; stream++) {
    const draws = new Draws(seed, item, stream);
    const variant = variants[pickIndex(totals, draws.next())];
    const made = variant === undefined ? undefined : drafting.draft(variant, draws);
    if (made === undefined) continue;
    if (made.text === source.text || results.some(({ text }) => text === made.text)) drafting.reject('made before');
    else results.push(made);
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
