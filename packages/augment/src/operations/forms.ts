import type { Candidate, Operation } from '../edit.ts';
import { fillers, negators, questionForms } from '../tables/lexicon.ts';
import { boundaries } from './words.ts';

interface Rule {
  readonly before: string;
  readonly after: string;
}
interface SlotRule {
  /** What the clause has to begin and end with. */
  readonly head: string;
  readonly tail: string;
  readonly pattern: RegExp;
  readonly slots: readonly string[];
  readonly replacement: string;
}
interface Rules {
  /** Rules without a slot by first character, longest first. */
  readonly phrases: ReadonlyMap<string, readonly Rule[]>;
  /** Rules with slots by the first two characters of their longest fixed part, or its only one. */
  readonly slots: ReadonlyMap<string, readonly SlotRule[]>;
}

let rules: Rules | undefined;

function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/gu, '\\$&');
}

function slotRule(before: string, after: string): SlotRule {
  const slots = Array.from(before.matchAll(/\{([XY])\}/gu), (match) => match[1] ?? '');
  const source = escapePattern(before).replaceAll(/\\\{[XY]\\\}/gu, '([^，,。；;？?！!\\s]+?)');
  return {
    pattern: new RegExp(`^${source}$`, 'du'),
    slots,
    replacement: after,
    head: /^[^{]*/u.exec(before)?.[0] ?? '',
    tail: /[^}]*$/u.exec(before)?.[0] ?? '',
  };
}

function keyOf(pattern: string): string {
  const fixed = pattern.split(/\{[XY]\}/u).toSorted((a, b) => b.length - a.length);
  return (fixed[0] ?? '').slice(0, 2);
}

function slotsOf(pattern: string): string {
  return Array.from(pattern.matchAll(/\{[XY]\}/gu), ([slot]) => slot)
    .toSorted()
    .join('');
}

function loadRules(): Rules {
  if (rules !== undefined) return rules;
  const phrases = new Map<string, Rule[]>();
  const slots = new Map<string, SlotRule[]>();
  for (const row of questionForms.split('\n')) {
    const [one = '', other = ''] = row.split('\t');
    for (const [before, after] of [
      [one, other],
      [other, one],
    ] as const) {
      if (slotsOf(before) !== slotsOf(after) || before === '' || after === '') continue;
      if (before.includes('{')) slots.set(keyOf(before), [...(slots.get(keyOf(before)) ?? []), slotRule(before, after)]);
      else phrases.set(before.charAt(0), [...(phrases.get(before.charAt(0)) ?? []), { before, after }]);
    }
  }
  for (const group of phrases.values()) group.sort((a, b) => b.before.length - a.before.length);
  rules = { phrases, slots };
  return rules;
}

/** An edit from one text to another at a place, without the characters both begin and end with. */
export function smallestEdit(start: number, before: string, after: string): { start: number; end: number; choice: string } {
  const [from, to] = [Array.from(before), Array.from(after)];
  let head = 0;
  while (head < from.length && head < to.length && from[head] === to[head]) head++;
  let tail = 0;
  while (tail < from.length - head && tail < to.length - head && from[from.length - 1 - tail] === to[to.length - 1 - tail]) tail++;
  const skipped = from.slice(0, head).join('').length;
  const kept = from.slice(head, from.length - tail).join('');
  return { start: start + skipped, end: start + skipped + kept.length, choice: to.slice(head, to.length - tail).join('') };
}

/** Whether a rule without slots fits at a place: at word borders, and a form in 吗 only at the end of a clause. */
function phraseFits(text: string, start: number, { before, after }: Rule, cuts: Uint8Array): boolean {
  const end = start + before.length;
  if (cuts[end] !== 1 || !text.startsWith(before, start)) return false;
  return !(before.endsWith('吗') || after.endsWith('吗')) || end === text.length || /[，,。；;？?！!\s]/u.test(text.charAt(end));
}

function phraseCandidates(text: string, cuts: Uint8Array): Candidate[] {
  const { phrases } = loadRules();
  const candidates: Candidate[] = [];
  for (let start = 0; start < text.length; start++) {
    if (cuts[start] !== 1) continue;
    const fitting = phrases.get(text.charAt(start))?.filter((rule) => phraseFits(text, start, rule, cuts)) ?? [];
    const longest = fitting[0]?.before.length ?? 0;
    const choices = fitting.filter(({ before }) => before.length === longest).map(({ after }) => after);
    if (choices.length === 0) continue;
    const end = start + longest;
    candidates.push({ start, end, choices, verdict: 'keeps', cost: 2 });
    start = end - 1;
  }
  return candidates;
}

/** The rules with slots whose key stands in a clause. */
function rulesFor(clause: string): readonly SlotRule[] {
  const { slots } = loadRules();
  const found: SlotRule[] = [];
  const keys = new Set<string>();
  for (let at = 0; at < clause.length; at++) {
    for (const key of [clause.charAt(at), clause.slice(at, at + 2)]) {
      const group = keys.has(key) ? undefined : slots.get(key);
      keys.add(key);
      if (group !== undefined) found.push(...group);
    }
  }
  return found;
}

const openings = /^(?:请问一?下?|想问一?下?|我想问一?下?|咨询一?下?)/u;

interface Words {
  readonly endings: readonly string[];
  readonly held: readonly string[];
}
let slotWords: Words | undefined;

function loadSlotWords(): Words {
  if (slotWords !== undefined) return slotWords;
  const rows = negators.split('\n').map((row) => row.split('\t'));
  const ofKinds = (...kinds: readonly string[]): string[] =>
    rows.filter(([kind]) => kinds.includes(kind ?? '')).map(([, word = '']) => word);
  const longFillers = fillers.split('\n').map((row) => (row.split('\t')[1] ?? '').replaceAll(/[，,。！!？?]/gu, ''));
  slotWords = {
    endings: [...ofKinds('negator', 'modal'), '被', '就', '才', '都', '也', '一定', '主要'],
    held: [...ofKinds('question'), ...longFillers.filter((filler) => filler.length > 1)],
  };
  return slotWords;
}

/** Whether a slot would give a broken sentence: one that ends in a modal or adverb, or holds a question word or filler. */
function breaks(slot: string): boolean {
  if (/什么|怎么|怎样|如何|哪|吗|多少|多久|几/u.test(slot)) return true;
  const { endings, held } = loadSlotWords();
  return endings.some((ending) => slot.endsWith(ending)) || held.some((word) => slot.includes(word));
}

/** A clause in another form by a rule with slots, or undefined where the rule doesn't fit at word borders. */
function rewriteClause(clause: string, at: number, rule: SlotRule, cuts: Uint8Array): string | undefined {
  if (!clause.startsWith(rule.head) || !clause.endsWith(rule.tail)) return undefined;
  const match = rule.pattern.exec(clause);
  if (match === null) return undefined;
  let rewritten = rule.replacement;
  for (const [index, name] of rule.slots.entries()) {
    const [from, to] = match.indices?.[index + 1] ?? [0, 0];
    if (cuts[at + from] !== 1 || cuts[at + to] !== 1) return undefined;
    const slot = clause.slice(from, to);
    if (breaks(slot) || (rule.head === '什么是' && slot.includes('的'))) return undefined;
    rewritten = rewritten.replace(`{${name}}`, () => slot);
  }
  return rewritten;
}

/** Asks in another form: 怎么处理 → 如何处理, 什么是正当防卫 → 正当防卫是什么, by rules that hold both ways. Keeps. */
export function questionForm(): Operation {
  return {
    name: 'question-form',
    unit: 'text',
    mayTouch: ['number', 'name', 'negator', 'term'],
    propose(source) {
      const { text } = source;
      const cuts = boundaries(source);
      const candidates = phraseCandidates(text, cuts);
      for (const { 0: whole, index } of text.matchAll(/[^，,。；;？?！!\s]{4,}/gu)) {
        const skipped = openings.exec(whole)?.[0].length ?? 0;
        const [at, clause] = [index + skipped, whole.slice(skipped)];
        for (const rule of rulesFor(clause)) {
          const rewritten = rewriteClause(clause, at, rule, cuts);
          if (rewritten === undefined || rewritten === clause) continue;
          const { start, end, choice } = smallestEdit(at, clause, rewritten);
          candidates.push({ start, end, choices: [choice], verdict: 'keeps', cost: 2 });
        }
      }
      return candidates;
    },
  };
}
