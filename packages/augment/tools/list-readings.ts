/**
 * Lists the readings of every ideograph in U+4E00–U+9FFF with pinyin-pro (MIT) and writes `tables/derived/readings.tsv`:
 * `character main-reading [other readings]`, tone as a digit, 0 for the neutral tone, ü as v.
 *
 * Run from the repository root: `node --import ./tools/typescript.mjs packages/augment/tools/list-readings.ts`.
 */
import { writeFileSync } from 'node:fs';
import { pinyin } from 'pinyin-pro';

const syllable = /^[a-zê]+[0-4]$/u;
const rows: string[] = [];
for (let code = 0x4e00; code <= 0x9fff; code++) {
  const character = String.fromCharCode(code);
  const options = { type: 'array', toneType: 'num', v: true } as const;
  const main = pinyin(character, options)[0] ?? '';
  if (!syllable.test(main)) continue;
  const others = pinyin(character, { ...options, multiple: true }).filter((reading) => reading !== main && syllable.test(reading));
  rows.push([character, main, ...others].join('\t'));
}
writeFileSync(new URL('../tables/derived/readings.tsv', import.meta.url), `${rows.join('\n')}\n`);
