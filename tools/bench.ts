// `npm run bench`: runs every packages/*/bench/*.bench.ts and prints one table a bench. `-- NAME …` runs some, `-- --json FILE` writes every figure.
import { readdirSync, existsSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

import type { Bench, Figure } from './bench-types.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

function benchFiles(): string[] {
  return ['packages', 'apps'].flatMap((group) =>
    readdirSync(join(root, group)).flatMap((name) => {
      const folder = join(root, group, name, 'bench');
      if (!existsSync(folder)) return [];
      return readdirSync(folder)
        .filter((file) => file.endsWith('.bench.ts'))
        .map((file) => join(folder, file));
    }),
  );
}

function format(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1000) return Math.round(value).toLocaleString('en');
  return value.toPrecision(4).replace(/\.?0+$/, '');
}

function row(figure: Figure): string {
  const ratio = figure.ratio === undefined ? '' : `  ${format(figure.ratio)} × ${figure.baseline ?? ''}`;
  const note = figure.note === undefined ? '' : `  (${figure.note})`;
  return `  ${figure.name.padEnd(64)} ${format(figure.value).padStart(12)} ${figure.unit}${ratio}${note}`;
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' }, list: { type: 'boolean' } } });
const figures: Array<Figure & { readonly bench: string }> = [];
const found = new Set<string>();
let failed = 0;
for (const file of benchFiles()) {
  const short = file.replace(/^.*\//, '').replace(/\.bench\.ts$/, '');
  if (positionals.length > 0 && !positionals.some((name) => short === name || file.includes(`/${name}/`))) continue;
  const { bench } = (await import(pathToFileURL(file).href)) as { readonly bench: Bench };
  found.add(bench.name);
  console.log(`\n${bench.name} (${short}) — ${bench.about}`);
  if (values.list === true) continue;
  try {
    await bench.run((figure) => {
      figures.push({ bench: bench.name, ...figure });
      console.log(row(figure));
    });
  } catch (error) {
    failed += 1;
    console.error(`  ${bench.name} stopped: ${error instanceof Error ? error.message : String(error)}`);
  }
}
if (found.size === 0) {
  console.error(`bench: expected the name of a bench or a package, got ${positionals.join(' ')}. Run \`npm run bench -- --list\`.`);
  process.exitCode = 2;
} else {
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, undefined, 2)}\n`);
  if (failed > 0) process.exitCode = 1;
}
