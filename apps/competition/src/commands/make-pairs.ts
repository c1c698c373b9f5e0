import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { createGzip } from 'node:zlib';

import { hashIntegers, uniformStream } from '@samequestion/bert';

import type { Context } from '../context.ts';
import { readParagraphs, splitSentences } from '../pretrain/corpus.ts';
import { createEditors } from '../pretrain/editors.ts';
import { indexNeighbours } from '../pretrain/neighbours.ts';
import { makePair } from '../pretrain/pair-examples.ts';
import { showProgress } from '../progress.ts';
import { requireFile } from '../run-folder.ts';
import { StoppedError, UsageError } from '../usage-error.ts';

interface MakePairsOptions {
  readonly data: readonly string[];
  readonly count: number;
  readonly out: string;
  readonly recipe: string;
  readonly seed: number;
}

/** Texts that pairs are made from, in characters. */
const shortText = { least: 6, most: 48 };
/** Half of the pairs start from a question, however rare questions are among the texts. */
const questionShare = 0.5;

/** `samequestion make-pairs`: unlabelled short texts to labelled pairs. */
export async function makePairs(options: Record<string, unknown>, context: Context): Promise<unknown> {
  const { data, count, out, recipe, seed } = options as unknown as MakePairsOptions;
  for (const path of data) await requireFile('--data', path);
  const { texts, questions } = await shortTexts(data);
  context.say(`texts    ${texts.length.toLocaleString('en')} different short ones, ${questions.toLocaleString('en')} of them questions`);
  const tools = { editors: await createEditors(recipe), neighbours: indexNeighbours(texts) };
  const progress = showProgress({ label: 'making pairs', total: count, unit: 'pairs' });
  const partial = `${out}.${process.pid}.partial`;
  const file = createWriteStream(partial);
  const failed = new Promise<never>((_, reject) => void file.on('error', reject));
  failed.catch(() => undefined);
  const writer = out.endsWith('.gz') ? createGzip() : undefined;
  writer?.pipe(file);
  const sink = writer ?? file;
  let positives = 0;
  try {
    sink.write('question1\tquestion2\tlabel\n');
    for (let index = 0; index < count; index++) {
      if (context.signal.aborted) throw new StoppedError('Stopped: no pairs were written.');
      const random = uniformStream(hashIntegers(seed, 0x9a1b, index));
      const from = random() < questionShare && questions > 0 ? Math.floor(random() * questions) : Math.floor(random() * texts.length);
      const { left, right, label } = makePair(texts, from, { ...tools, random });
      positives += label;
      if (!sink.write(`${left}\t${right}\t${label}\n`)) await Promise.race([once(sink, 'drain'), failed]);
      if (index % 1000 === 999) {
        progress.update(index + 1);
        await new Promise(setImmediate);
      }
    }
    sink.end();
    await Promise.race([once(file, 'finish'), failed]);
    await rename(partial, out);
  } catch (error) {
    sink.destroy();
    await rm(partial, { force: true });
    throw error;
  } finally {
    progress.stop();
  }
  context.say(`${count.toLocaleString('en')} pairs, ${positives.toLocaleString('en')} of them the same → ${out}`);
  return { pairs: count, positives, texts: texts.length, questions, file: out };
}

/** Different short texts, the questions first. */
async function shortTexts(data: readonly string[]): Promise<{ readonly texts: readonly string[]; readonly questions: number }> {
  const questions = new Set<string>();
  const others = new Set<string>();
  for (const path of data) {
    for await (const paragraph of readParagraphs(path)) {
      for (const sentence of splitSentences(paragraph)) {
        const text = sentence.replaceAll(/[\t\r]/g, ' ');
        if (text.length < shortText.least || text.length > shortText.most || !/\p{Script=Han}/u.test(text)) continue;
        (/[?？吗呢]$|什么|怎么|如何|怎样|哪|多少|是否|能否|可否|谁/u.test(text) ? questions : others).add(text);
      }
    }
  }
  const texts = [...questions, ...others];
  if (texts.length < 2)
    throw new UsageError(`--data: expected short texts of ${shortText.least} to ${shortText.most} characters, got ${texts.length}.`);
  return { texts, questions: questions.size };
}
