// Other tokenizers, where bench/peers has been installed (npm install --ignore-scripts in that folder).
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { TokenizerFiles } from '@samequestion/tokenizer';

/** Another library behind one interface. */
export interface Peer {
  readonly name: string;
  /** Encodes one pair; the result is what the library gives, offsets included where it has them. */
  encode(left: string, right?: string): Promise<{ readonly ids: readonly number[]; readonly types?: readonly number[] }>;
  /** Encodes pairs into padded arrays of `[pairs, longest]`. */
  encodeBatch(pairs: readonly (readonly [string, string])[]): Promise<ArrayLike<number | bigint>>;
}

type Loader = (files: TokenizerFiles, require: NodeJS.Require) => Promise<Peer>;

const LOADERS: Readonly<Record<string, Loader>> = {
  '@xenova/transformers': loadTransformers('@xenova/transformers'),
  '@huggingface/transformers': loadTransformers('@huggingface/transformers'),
  '@huggingface/tokenizers': loadTokenizersJs,
  tokenizers: loadRust,
};

// Where bench/peers is installed: there, or where .ci/peers put it.
const elsewhere = process.env['SAMEQUESTION_PEERS'];
const home = elsewhere === undefined ? new URL('./peers/', import.meta.url) : pathToFileURL(join(elsewhere, 'tokenizer/'));

/** The libraries that are installed, each reading the given files. */
export async function installedPeers(files: TokenizerFiles, names: readonly string[] = Object.keys(LOADERS)): Promise<Peer[]> {
  const peers: Peer[] = [];
  for (const name of names) {
    const load = LOADERS[name];
    if (load !== undefined && existsSync(new URL(`node_modules/${name}/package.json`, home))) {
      peers.push(await load(files, createRequire(new URL('package.json', home))));
    }
  }
  return peers;
}

interface HubTokenizer {
  (texts: readonly string[], options: object): { readonly input_ids: { readonly data: BigInt64Array } };
  (
    text: string,
    options: object,
  ): { readonly input_ids: { readonly data: BigInt64Array }; readonly token_type_ids?: { readonly data: BigInt64Array } };
}

interface Hub {
  readonly env: { allowRemoteModels: boolean; localModelPath: string };
  readonly AutoTokenizer: { from_pretrained(name: string): Promise<HubTokenizer> };
}

function loadTransformers(name: string): Loader {
  return async (files, require) => {
    const { env, AutoTokenizer } = (await import(pathToFileURL(require.resolve(name)).href)) as Hub;
    const folder = mkdtempSync(join(tmpdir(), 'tokenizer-'));
    try {
      for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
      env.allowRemoteModels = false;
      env.localModelPath = dirname(folder);
      const tokenizer = await AutoTokenizer.from_pretrained(basename(folder));
      return {
        name,
        async encode(left, right) {
          const { input_ids, token_type_ids } = tokenizer(left, { text_pair: right ?? null, return_tensor: true });
          return { ids: Array.from(input_ids.data, Number), ...(token_type_ids && { types: Array.from(token_type_ids.data, Number) }) };
        },
        async encodeBatch(pairs) {
          const options = { text_pair: pairs.map(([, right]) => right), padding: true };
          return tokenizer(
            pairs.map(([left]) => left),
            options,
          ).input_ids.data;
        },
      };
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
}

interface TokenizersJs {
  readonly Tokenizer: new (
    tokenizer: object,
    config: object,
  ) => {
    encode(text: string, options: object): { readonly ids: number[]; readonly token_type_ids?: number[] };
  };
}

async function loadTokenizersJs(files: TokenizerFiles, require: NodeJS.Require): Promise<Peer> {
  const { Tokenizer } = (await import(pathToFileURL(require.resolve('@huggingface/tokenizers')).href)) as TokenizersJs;
  const tokenizer = new Tokenizer(JSON.parse(files['tokenizer.json']) as object, JSON.parse(files['tokenizer_config.json']) as object);
  const encode = (left: string, right?: string): { ids: number[]; types: number[] } => {
    const { ids, token_type_ids: types = [] } = tokenizer.encode(left, { text_pair: right ?? null, return_token_type_ids: true });
    return { ids, types };
  };
  return {
    name: '@huggingface/tokenizers',
    encode: async (left, right) => encode(left, right),
    encodeBatch: async (pairs) => padded(pairs.map(([left, right]) => encode(left, right).ids)),
  };
}

interface RustEncoding {
  getIds(): number[];
  getTypeIds(): number[];
  getOffsets(): number[][];
}

interface RustTokenizer {
  encode(left: string, right?: string | null): Promise<RustEncoding>;
  encodeBatch(texts: string[]): Promise<RustEncoding[]>;
}

async function loadRust(files: TokenizerFiles, require: NodeJS.Require): Promise<Peer> {
  // One thread, as everyone here.
  process.env['TOKENIZERS_PARALLELISM'] = 'false';
  const { Tokenizer } = require('tokenizers') as { readonly Tokenizer: { fromString(json: string): RustTokenizer } };
  const tokenizer = Tokenizer.fromString(files['tokenizer.json']);
  return {
    name: 'tokenizers (Rust)',
    async encode(left, right) {
      const encoding = await tokenizer.encode(left, right ?? null);
      encoding.getOffsets();
      return { ids: encoding.getIds(), types: encoding.getTypeIds() };
    },
    async encodeBatch(pairs) {
      // This binding's encodeBatch refuses pairs: both texts of all pairs go in as single texts.
      const encodings = await tokenizer.encodeBatch(pairs.flat());
      return padded(encodings.map((encoding) => encoding.getIds()));
    },
  };
}

function padded(rows: readonly (readonly number[])[]): Int32Array {
  const length = Math.max(...rows.map((row) => row.length));
  const all = new Int32Array(rows.length * length);
  for (const [i, row] of rows.entries()) all.set(row, i * length);
  return all;
}
