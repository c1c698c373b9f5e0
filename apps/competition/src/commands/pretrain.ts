import { createReadStream, existsSync } from 'node:fs';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';

import { soundClasses } from '@samequestion/augment';
import {
  type BertConfig,
  type LabelledPair,
  type RunLimit,
  type StepEvent,
  type TensorValue,
  type TensorValues,
  type TrainEvent,
  createConfig,
  initialiseParameters,
  loadModel,
  parameterSpecs,
  saveModel,
  train,
} from '@samequestion/bert';
import { type Pair, readPairs as readLabelledPairs } from '@samequestion/pairs';
import { type Tokenizer, VocabularyTrainer, createTokenizer, gb2312Characters, tokenizerFiles } from '@samequestion/tokenizer';

import { type EngineOptions, chooseEngine } from '../choose-engine.ts';
import type { Context } from '../context.ts';
import { readParagraphs, splitSentences } from '../pretrain/corpus.ts';
import type { TextPair } from '../pretrain/pair-examples.ts';
import { SentenceStore, addSentence, storeBytes, storeFromBytes } from '../pretrain/sentence-store.ts';
import { planSequences } from '../pretrain/sequences.ts';
import { type SourceOptions, pairSource, textSource } from '../pretrain/sources.ts';
import { type Progress, formatDuration, showProgress } from '../progress.ts';
import { type RunFolder, prepareOutputFolder, requireFile, runFolder, writeAtomically } from '../run-folder.ts';
import { newest } from '../run-start.ts';
import { unmatchedIds } from '../start-model.ts';
import { readTokenizer, readVocabulary } from '../tokenizer-folder.ts';
import { logged, startLog } from '../training-log.ts';
import { StoppedError, UsageError } from '../usage-error.ts';

interface PretrainOptions extends EngineOptions {
  readonly data: readonly string[];
  readonly task: 'text' | 'pairs';
  readonly out: string;
  readonly init?: string;
  readonly resume?: boolean;
  readonly vocab?: string;
  readonly vocabSize: number;
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly tokenTypes: BertConfig['pair_token_types'];
  readonly maxLength: number;
  readonly maskRate: number;
  readonly batchSize: number;
  readonly accumulate: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly dropout: number;
  readonly steps?: number;
  readonly minutes?: number;
  readonly checkpointEvery?: number;
  readonly cache?: string;
  readonly seed: number;
}

const batchesPerChunk = 32;
/** What fine-tuning starts with, however pre-training was done. */
const usualDropout = { hidden_dropout_prob: 0.1, attention_probs_dropout_prob: 0.1 };
const heads = { classifier: true, maskedLanguageModel: true };

/** `samequestion pretrain`: text to a model, by masked words or by made pairs; `--init` chains the two. */
export async function pretrain(options: Record<string, unknown>, context: Context): Promise<unknown> {
  const given = options as unknown as PretrainOptions;
  if ((given.steps === undefined) === (given.minutes === undefined))
    throw new UsageError('pretrain: expected --steps or --minutes, one of them.');
  if (given.accumulate > given.batchSize)
    throw new UsageError(`--accumulate: expected 1 to ${given.batchSize} parts of a batch, got ${given.accumulate}.`);
  for (const path of given.data) await requireFile('--data', path);
  const folder = await openFolder(given);
  const { tokenizer, config, parameters } = await startOf(given, context);
  const source = given.task === 'text' ? await readText(given, tokenizer, context) : await readPairs(given, tokenizer, context);
  const { engine, reason } = await chooseEngine(given);
  context.say(`engine   ${reason}`);
  const trained = parameterSpecs(config, { classifier: given.task === 'pairs', maskedLanguageModel: true });
  const limit: RunLimit = given.steps === undefined ? { minutes: given.minutes ?? 0 } : { steps: given.steps };
  await writeFile(
    folder.manifest,
    `${JSON.stringify({ settings: given, config, engine: reason, created: new Date().toISOString() }, undefined, 2)}\n`,
  );
  try {
    const resume = given.resume === true ? await newest(folder) : undefined;
    await startLog(folder.log, resume?.trainer.step);
    const events = train({
      engine,
      config,
      parameters: Object.fromEntries(Object.keys(trained).map((name) => [name, parameters[name] as TensorValue])),
      task: given.task === 'text' ? 'masked-language-model' : 'joint',
      pairs: source,
      limit,
      seed: given.seed,
      batchSize: given.batchSize,
      maxLength: given.maxLength,
      padToMultipleOf: 16,
      ...(given.precision === 'float16' ? { lossScaling: {} } : {}),
      learningRate: given.learningRate,
      warmup: 0.06,
      optimizer: { weightDecay: given.weightDecay },
      partSize: Math.ceil(given.batchSize / given.accumulate),
      signal: context.signal,
      ...(given.checkpointEvery === undefined ? {} : { checkpoints: { folder: folder.checkpoints, every: given.checkpointEvery } }),
      ...(resume === undefined ? {} : { resume }),
    });
    const done = await follow(events, folder.log);
    const kept = { ...parameters, ...done.parameters };
    await saveModel(
      folder.model,
      { config: { ...config, ...usualDropout }, parameters: kept },
      { ...tokenizerFiles(tokenizer, { maxLength: config.max_position_embeddings }) },
    );
    if (done.reason === 'stopped') {
      const how = given.checkpointEvery === undefined ? 'there is no checkpoint' : 'go on with the same command and --resume';
      throw new StoppedError(`Stopped after ${done.step.toLocaleString('en')} steps; ${folder.model} has the weights; ${how}.`);
    }
    context.say(`${done.step.toLocaleString('en')} steps in ${formatDuration(done.seconds)} → ${folder.model}`);
    return { steps: done.step, seconds: done.seconds, model: folder.model, log: folder.log, reason: done.reason };
  } finally {
    await engine.dispose();
  }
}

/** The output folder: new, or with `--resume` that of a run that had begun. @throws {UsageError} */
async function openFolder({ out, resume }: PretrainOptions): Promise<RunFolder> {
  const begun = existsSync(runFolder(out).manifest);
  if (resume === true && !begun)
    throw new UsageError(`--resume: expected a pre-training run in --out, ${out} has no manifest.json. Leave --resume out to begin one.`);
  const folder = runFolder(await prepareOutputFolder(out));
  if (resume !== true && existsSync(folder.checkpoints))
    throw new UsageError(`--out: expected a folder without checkpoints, ${out} has some. Go on with --resume, or remove the folder.`);
  return folder;
}

interface Start {
  readonly tokenizer: Tokenizer;
  readonly config: BertConfig;
  readonly parameters: TensorValues;
}

/** Random weights of the size asked for, or those of `--init` with the heads that they lack. */
async function startOf(options: PretrainOptions, context: Context): Promise<Start> {
  const dropout = { hidden_dropout_prob: options.dropout, attention_probs_dropout_prob: options.dropout };
  if (options.init !== undefined) {
    const tokenizer = await readTokenizer(options.init);
    const classes = soundClasses(tokenizer.vocabulary.tokens);
    const { config, parameters } = await loadModel(options.init, {
      heads,
      newHeadsSeed: options.seed,
      config: dropout,
      soundClasses: classes,
    });
    return { tokenizer, config, parameters };
  }
  const tokenizer = createTokenizer(
    options.vocab === undefined ? await trainVocabulary(options, context) : await readVocabulary(options.vocab),
  );
  const { vocabulary } = tokenizer;
  const config = createConfig({
    ...dropout,
    vocab_size: vocabulary.size,
    hidden_size: options.hidden,
    num_hidden_layers: options.layers,
    num_attention_heads: options.heads,
    max_position_embeddings: options.maxLength,
    pad_token_id: vocabulary.specialIds.padding,
    pair_token_types: options.tokenTypes,
    unmatched_token_ids: unmatchedIds(tokenizer),
  });
  return {
    tokenizer,
    config,
    parameters: initialiseParameters(config, { seed: options.seed, heads, soundClasses: soundClasses(vocabulary.tokens) }),
  };
}

async function trainVocabulary(options: PretrainOptions, context: Context): Promise<ReturnType<VocabularyTrainer['finish']>> {
  const trainer = new VocabularyTrainer({ vocabularySize: options.vocabSize, minFrequency: 200, alphabet: gb2312Characters() });
  for (const path of options.data) for await (const paragraph of readParagraphs(path)) trainer.add(paragraph);
  const vocabulary = trainer.finish();
  context.say(`vocab    ${vocabulary.size.toLocaleString('en')} pieces`);
  return vocabulary;
}

function sourceOptions(options: PretrainOptions, tokenizer: Tokenizer): SourceOptions {
  const { seed, batchSize, maxLength, maskRate } = options;
  return { tokenizer, seed, maxLength, maskRate, chunkSize: batchSize * batchesPerChunk };
}

async function readText(options: PretrainOptions, tokenizer: Tokenizer, context: Context): Promise<(chunk: number) => LabelledPair[]> {
  const store = await tokenizedText(options, tokenizer);
  const plan = planSequences(store, options.maxLength);
  if (plan.count === 0) throw new UsageError('--data: expected running text, got too little for one sequence.');
  context.say(`text     ${store.tokens.toLocaleString('en')} tokens, ${plan.count.toLocaleString('en')} sequences`);
  return textSource(store, plan, sourceOptions(options, tokenizer));
}

/** The text as tokens: from the cache file if it is there, else from the data, and then kept there. */
async function tokenizedText(options: PretrainOptions, tokenizer: Tokenizer): Promise<SentenceStore> {
  const cached = options.cache === undefined ? undefined : await readFile(options.cache).catch(() => undefined);
  if (cached !== undefined) {
    const known = storeFromBytes(cached);
    if (known === undefined)
      throw new UsageError(`--cache: expected a file of tokens, got something else at ${options.cache ?? ''}. Remove it.`);
    return known;
  }
  const store = new SentenceStore();
  for (const path of options.data) {
    for await (const paragraph of readParagraphs(path))
      for (const sentence of splitSentences(paragraph)) addSentence(store, tokenizer, sentence);
  }
  if (options.cache !== undefined) await writeAtomically(options.cache, Buffer.concat(storeBytes(store)));
  return store;
}

async function readPairs(options: PretrainOptions, tokenizer: Tokenizer, context: Context): Promise<(chunk: number) => LabelledPair[]> {
  const pairs: TextPair[] = [];
  for (const path of options.data) {
    for await (const { question1, question2, label } of readPairRows(path)) pairs.push({ left: question1, right: question2, label });
  }
  if (pairs.length === 0)
    throw new UsageError('--data: expected made pairs (question1, question2, label), got none. `samequestion make-pairs` makes them.');
  context.say(`pairs    ${pairs.length.toLocaleString('en')}`);
  return pairSource(pairs, sourceOptions(options, tokenizer));
}

async function* readPairRows(path: string): AsyncGenerator<Pair> {
  const bytes = path.endsWith('.gz') ? createReadStream(path).pipe(createGunzip()) : createReadStream(path);
  yield* readLabelledPairs(bytes as AsyncIterable<Uint8Array>, { source: path });
}

async function follow(events: AsyncIterable<TrainEvent>, log: string): Promise<Extract<TrainEvent, { event: 'done' }>> {
  let progress: Progress | undefined;
  let tokens = 0;
  let seconds = 0;
  try {
    for await (const event of events) {
      await appendFile(log, `${JSON.stringify(logged(event))}\n`);
      if (event.event === 'done') return event;
      if (event.event !== 'step') continue;
      tokens += event.tokens;
      seconds += event.seconds;
      progress ??= showProgress({ label: 'pre-training', total: event.totalSteps, unit: 'steps' });
      progress.update(event.step, `${describeLosses(event)} · ${Math.round(tokens / seconds).toLocaleString('en')} tokens/s`);
    }
  } finally {
    progress?.stop();
  }
  throw new Error('train: expected a last event, got none.');
}

function describeLosses({ loss, pairLoss, pairAccuracy, maskedLoss, maskedAccuracy }: StepEvent): string {
  const share = (value = 0): string => `${(100 * value).toFixed(1)} %`;
  if (pairLoss === undefined) return `loss ${loss.toFixed(3)}, ${share(maskedAccuracy)} right`;
  return `pairs ${pairLoss.toFixed(3)}, ${share(pairAccuracy)} right; masked ${maskedLoss?.toFixed(3) ?? ''}, ${share(maskedAccuracy)} right`;
}
