import { pickIndex, runningTotals } from './random.ts';
import { characters, counts } from './tables/characters.ts';
import { mainReadings, otherReadings } from './tables/readings.ts';

interface Sounds {
  /** Main reading by code point − 0x4E00. */
  readonly main: readonly string[];
  readonly others: ReadonlyMap<string, readonly string[]>;
  /** Characters by reading with tone, and by syllable without. */
  readonly byReading: ReadonlyMap<string, readonly string[]>;
}

const firstIdeograph = 0x4e00;
let sounds: Sounds | undefined;
let frequencies: ReadonlyMap<string, number> | undefined;

function add(groups: Map<string, string[]>, key: string, member: string): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [member]);
  else group.push(member);
}

function eachReading(packed: string, visit: (reading: string, character: string) => void): void {
  for (const group of packed.split(' ')) {
    const digit = group.search(/\d/u);
    const reading = group.slice(0, digit + 1);
    for (const character of group.slice(digit + 1)) visit(reading, character);
  }
}

function loadSounds(): Sounds {
  if (sounds !== undefined) return sounds;
  const main: string[] = [];
  const others = new Map<string, string[]>();
  const byReading = new Map<string, string[]>();
  eachReading(mainReadings, (reading, character) => {
    main[character.charCodeAt(0) - firstIdeograph] = reading;
    add(byReading, reading, character);
  });
  eachReading(otherReadings, (reading, character) => add(others, character, reading));
  sounds = { main, others, byReading };
  return sounds;
}

/** How often each character was counted in legal texts and questions; common characters first. */
export function characterCounts(): ReadonlyMap<string, number> {
  if (frequencies === undefined) {
    const numbers = counts.split(' ');
    frequencies = new Map(Array.from(characters, (character, index) => [character, Number.parseInt(numbers[index] ?? '0', 36)]));
  }
  return frequencies;
}

/** The reading a character has on its own, with tone (`fa3`), or an empty string. */
export function mainReading(character: string): string {
  return loadSounds().main[character.charCodeAt(0) - firstIdeograph] ?? '';
}

/** All readings of a character, the main one first. */
export function readingsOf(character: string): readonly string[] {
  const main = mainReading(character);
  return main === '' ? [] : [main, ...(loadSounds().others.get(character) ?? [])];
}

let canonical: ReadonlyMap<string, string> | undefined;

/** The one string that stands for a reading everywhere, so that look-ups by it are quick; undefined for what is no reading. */
export function knownReading(syllable: string): string | undefined {
  canonical ??= new Map(Array.from(loadSounds().byReading.keys(), (reading) => [reading, reading]));
  return canonical.get(syllable);
}

/** A reading without its tone. */
export function toneless(reading: string): string {
  return reading.slice(0, -1);
}

const initialPairs = [
  ['zh', 'z'],
  ['ch', 'c'],
  ['sh', 's'],
  ['n', 'l'],
  ['f', 'h'],
  ['r', 'l'],
] as const;
const finalPairs = [
  ['ing', 'in'],
  ['eng', 'en'],
  ['ang', 'an'],
] as const;

/** Splits a toneless syllable after its initial: `zhang` → `zh`, `ang`. */
function splitSyllable(syllable: string): readonly [initial: string, final: string] {
  const initial = /^(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?/u.exec(syllable)?.[0] ?? '';
  return [initial, syllable.slice(initial.length)];
}

function swap(pairs: readonly (readonly [string, string])[], part: string): string[] {
  return pairs.flatMap(([one, other]) => (part === one ? [other] : part === other ? [one] : []));
}

/** Toneless syllables often taken for this one: z/zh, c/ch, s/sh, n/l, f/h, r/l, in/ing, en/eng, an/ang, one or both at a time. */
export function confusableSyllables(syllable: string): readonly string[] {
  const [initial, final] = splitSyllable(syllable);
  const initials = [initial, ...swap(initialPairs, initial)];
  const stem = /^(.*?)(ing|in|eng|en|ang|an)$/u.exec(final);
  const finals = [final, ...(stem === null ? [] : swap(finalPairs, stem[2] ?? '').map((ending) => (stem[1] ?? '') + ending))];
  const made = initials.flatMap((first) => finals.map((rest) => first + rest));
  return made.filter((other) => other !== syllable);
}

/** How near two sounds must be: the same with tone; the same syllable; a syllable often taken for it. */
export type SoundLevel = 'exact' | 'toneless' | 'confusable';

/** Characters to put in place of another, with running totals of their weights. */
export interface Choices {
  readonly choices: readonly string[];
  readonly totals: Float64Array;
}

/** Whether two readings are the same under a level. `confusable` holds only for syllables that differ. */
export function soundsAlike(a: string, b: string, level: SoundLevel): boolean {
  if (level === 'exact') return a === b;
  if (level === 'toneless') return toneless(a) === toneless(b);
  return confusableSyllables(toneless(a)).includes(toneless(b));
}

function soundAlikes(character: string, reading: string, level: SoundLevel): string[] {
  const { byReading } = loadSounds();
  const syllable = toneless(reading);
  const syllables = level === 'confusable' ? confusableSyllables(syllable) : [syllable];
  const readings = level === 'exact' ? [reading] : syllables.flatMap((other) => ['1', '2', '3', '4', '0'].map((tone) => other + tone));
  return readings.flatMap((other) => byReading.get(other) ?? []).filter((other) => other !== character);
}

/**
 * A look-up of characters that sound like another: those among the `common` most frequent characters whose main reading is like
 * the given one, weighted by the square root of their frequency, as someone picking from an input method's list errs.
 */
export function homophoneIndex(
  level: SoundLevel,
  common: number,
  accepts: (character: string, alike: string) => boolean,
): (code: number, reading: string) => Choices | undefined {
  const found = new Map<string, Map<number, Choices | undefined>>();
  let counted: Map<string, number> | undefined;
  const find = (code: number, reading: string): Choices | undefined => {
    const character = String.fromCharCode(code);
    counted ??= new Map([...characterCounts()].slice(0, common));
    const table = counted;
    const choices = soundAlikes(character, reading, level).filter((alike) => table.has(alike) && accepts(character, alike));
    const totals = runningTotals(choices.map((alike) => Math.sqrt(table.get(alike) ?? 0)));
    return choices.length === 0 ? undefined : { choices, totals };
  };
  return (code, reading) => {
    let forReading = found.get(reading);
    if (forReading === undefined) found.set(reading, (forReading = new Map()));
    const known = forReading.get(code);
    if (known !== undefined || forReading.has(code)) return known;
    const made = find(code, reading);
    forReading.set(code, made);
    return made;
  };
}

/**
 * Which single-character tokens sound alike: for each token a number from 1 that stands for the toneless syllable of its main
 * reading, the same for all that share it; 0 for tokens that are not one character with a reading. The numbers depend on the
 * tokens' readings alone (syllables in alphabetical order), not on the order of the tokens.
 */
export function soundClasses(tokens: readonly string[]): Int32Array {
  const syllables = [
    ...new Set(
      loadSounds()
        .main.filter((reading) => reading !== undefined)
        .map(toneless),
    ),
  ].sort();
  const numbers = new Map(syllables.map((syllable, index) => [syllable, index + 1]));
  return Int32Array.from(tokens, (token) => {
    const reading = token.length === 1 ? mainReading(token) : '';
    return reading === '' ? 0 : (numbers.get(toneless(reading)) ?? 0);
  });
}

/** pinyin-pro's readings in context, for `Tools.readText`. */
export async function contextReader(): Promise<(text: string) => readonly string[]> {
  const { pinyin } = await import('pinyin-pro');
  return (text) => pinyin(text, { type: 'array', toneType: 'num', v: true });
}

/** Picks one of the choices by a number from 0 to 1. */
export function choose({ choices, totals }: { choices: readonly string[]; totals?: Float64Array | undefined }, draw: number): string {
  const index = totals === undefined ? Math.floor(draw * choices.length) : pickIndex(totals, draw);
  return choices[index] ?? '';
}
