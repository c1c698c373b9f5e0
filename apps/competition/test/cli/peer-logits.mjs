// Logits of an exported folder in one of the peers: `node peer-logits.mjs PACKAGE FOLDER < pairs.json`, from the peers folder.
import { createRequire } from 'node:module';
import { basename, dirname } from 'node:path';
import { pathToFileURL } from 'node:url';

const [name, folder, peers] = process.argv.slice(2);
const entry = createRequire(`${peers}/package.json`).resolve(name);
const { AutoModelForSequenceClassification, AutoTokenizer, env } = await import(pathToFileURL(entry).href);
env.localModelPath = dirname(folder);
env.allowRemoteModels = false;
let text = '';
for await (const part of process.stdin) text += part;
const pairs = JSON.parse(text);
const model = basename(folder);
const tokenizer = await AutoTokenizer.from_pretrained(model);
const options = name === '@xenova/transformers' ? { quantized: false } : { dtype: 'fp32' };
const classifier = await AutoModelForSequenceClassification.from_pretrained(model, options);
const inputs = tokenizer(
  pairs.map(([first]) => first),
  { text_pair: pairs.map(([, second]) => second), padding: true, truncation: true },
);
const { logits } = await classifier(inputs);
process.stdout.write(`LOGITS ${JSON.stringify({ dims: logits.dims, data: Array.from(logits.data) })}\n`);
