import type { Augmented, Candidate, Edit, Operation } from './edit.ts';
import { applyEdits } from './edit.ts';
import { smallestEdit } from './operations/forms.ts';
import { isProtected, protectionBits } from './protect.ts';
import type { Source } from './source.ts';

/** One word that a model would put in a gap, with its probability. */
export interface Filling {
  readonly text: string;
  readonly score: number;
}

/** Fills a gap between two stretches of text, best first. */
export type FillMask = (before: string, after: string) => Promise<readonly Filling[]>;

/** Translates a text. */
export type Translate = (text: string) => Promise<string>;

/** Which fillings to take. */
export interface MaskedWordOptions {
  /** Least probability of a filling; 0.1 by default. */
  readonly threshold?: number;
  /** At most so many fillings for each word; 5 by default. */
  readonly most?: number;
}

const maskedKey = { name: 'masked-word' };

/**
 * Asks a masked language model for other words in place of each unprotected word, so that `maskedWords()` can draw them. A model
 * knows what fits, not what means the same: the verdict is unknown.
 *
 * @returns The candidates, which the source keeps.
 */
export async function fillMaskedWords(source: Source, fill: FillMask, options: MaskedWordOptions = {}): Promise<readonly Candidate[]> {
  const { threshold = 0.1, most = 5 } = options;
  const bits = protectionBits.number | protectionBits.name | protectionBits.negator | protectionBits.term;
  const marks = source.protectionWithTerms;
  const candidates: Candidate[] = [];
  for (const { text, start, end } of source.words) {
    if (!/^\p{Unified_Ideograph}+$/u.test(text) || isProtected(marks, start, end, bits)) continue;
    const fillings = await fill(source.text.slice(0, start), source.text.slice(end));
    const choices = fillings.filter((filling) => filling.score >= threshold && filling.text !== text).slice(0, most);
    if (choices.length > 0) {
      candidates.push({ start, end, choices: choices.map((filling) => filling.text), verdict: 'unknown', cost: text.length });
    }
  }
  source.supply(maskedKey, candidates);
  return candidates;
}

/** Puts a word that a masked language model found in place of one. Unknown. Proposes what `fillMaskedWords` found for the source. */
export function maskedWords(): Operation {
  return { name: 'masked-word', unit: 'word', propose: (source) => source.supplied(maskedKey) };
}

/**
 * Translates a text into another language and back. Unknown, or keeps where only punctuation came back different.
 *
 * @returns The text with one edit, the smallest that makes the difference; undefined where nothing changed.
 */
export async function translateBack(text: string, there: Translate, back: Translate): Promise<Augmented | undefined> {
  const returned = (await back(await there(text))).trim();
  if (returned === '' || returned === text) return undefined;
  const { start, end, choice } = smallestEdit(0, text, returned);
  const bare = (question: string): string => question.replaceAll(/[\p{P}\s]/gu, '');
  const verdict = bare(text) === bare(returned) ? 'keeps' : 'unknown';
  const edit: Edit = { start, end, before: text.slice(start, end), after: choice, operation: 'back-translation', verdict };
  return { text: applyEdits(text, [edit]), edits: [edit], verdict };
}

/** What transformers.js's `pipeline('fill-mask')` gives, as far as it is used here. */
export type FillMaskPipeline = (
  text: string,
  options?: Readonly<Record<string, unknown>>,
) => Promise<readonly { readonly token_str: string; readonly score: number }[]>;

/** A fill-mask pipeline of transformers.js as a `FillMask`: `fillMaskFrom(await pipeline('fill-mask', folder))`. */
export function fillMaskFrom(pipeline: FillMaskPipeline, mask = '[MASK]'): FillMask {
  return async (before, after) => {
    const found = await pipeline(`${before}${mask}${after}`, { topk: 10, top_k: 10 });
    return found.map(({ token_str, score }) => ({ text: token_str.replaceAll(/\s|##/gu, ''), score }));
  };
}

/** A translation pipeline of transformers.js as a `Translate`. */
export function translateFrom(
  pipeline: (text: string, options?: Readonly<Record<string, unknown>>) => Promise<readonly { readonly translation_text: string }[]>,
  options: Readonly<Record<string, unknown>> = {},
): Translate {
  return async (text) => (await pipeline(text, options))[0]?.translation_text ?? '';
}
