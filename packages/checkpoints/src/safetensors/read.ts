import { checkpointOf, type Checkpoint } from '../checkpoint.ts';
import { CheckpointError, quote, type CheckpointFault } from '../error.ts';
import { parseJson, type Json } from '../json.ts';
import { readRange, type ByteSource } from '../source.ts';
import { byteLength, isDataType, type TensorInfo } from '../tensor.ts';
import type { SkippedEntry } from '../checkpoint.ts';

const format = 'safetensors';
/** The reference implementation's limit on the header. */
const maxHeaderBytes = 100_000_000;
/** Element types of the format that no BERT checkpoint uses: listed, never read. Bits per element. */
const otherTypes: Readonly<Record<string, number>> = {
  U64: 64,
  U32: 32,
  U16: 16,
  C64: 64,
  F8_E4M3: 8,
  F8_E5M2: 8,
  F8_E8M0: 8,
  F6_E2M3: 6,
  F6_E3M2: 6,
  F4: 4,
};

interface Entry extends TensorInfo {
  /** Offset in the file. */
  readonly start: number;
  readonly bytes: number;
}
/** A header entry of any type, in the order of its bytes. */
interface Span {
  readonly name: string;
  readonly begin: number;
  readonly end: number;
}

/**
 * Opens a safetensors file: reads its header, and tensors only when asked.
 *
 * As the reference, it wants the tensors to cover the data without gaps or overlaps, and it wants each name once and a header of at most 100 MB.
 * @throws {CheckpointError} If the file breaks the format.
 * @see https://github.com/huggingface/safetensors#format
 */
export async function openSafetensors(source: ByteSource): Promise<Checkpoint> {
  const header = await readHeader(source);
  const entries = new Map<string, Entry>();
  const skipped: SkippedEntry[] = [];
  const spans: Span[] = [];
  let metadata: Readonly<Record<string, string>> = {};
  for (const [name, value] of header.tensors) {
    if (name === '__metadata__') {
      metadata = metadataOf(value, source);
      continue;
    }
    const { info, type, span } = entryOf(name, value, source);
    spans.push(span);
    if (info === undefined) skipped.push({ name, reason: `element type ${type}` });
    else entries.set(name, { ...info, start: header.dataStart + span.begin, bytes: span.end - span.begin });
  }
  checkSpans(spans, source.size - header.dataStart, source);
  return checkpointOf({
    format,
    file: source.name,
    entries,
    metadata,
    skipped,
    load: (entry) => readRange(source, [entry.start, entry.bytes], { format, what: quote(entry.name), tensor: entry.name }),
    close: async () => source.close?.(),
  });
}

async function readHeader(source: ByteSource): Promise<{ readonly tensors: ReadonlyMap<string, Json>; readonly dataStart: number }> {
  const prefix = await readRange(source, [0, 8], { format, what: 'header length' });
  const length = new DataView(prefix.buffer, prefix.byteOffset, 8).getBigUint64(0, true);
  if (length > BigInt(maxHeaderBytes) || length < 2n) {
    throw fault(
      source,
      `header length: expected 2 to ${maxHeaderBytes} bytes, got ${length}`,
      'The file is no safetensors file or damaged.',
    );
  }
  const bytes = await readRange(source, [8, Number(length)], { format, what: 'header' });
  let parsed: Json;
  try {
    if (bytes[0] !== 0x7b) throw new SyntaxError('expected "{" at character 0');
    // A map of maps with lists of numbers: three levels, and one to spare for entries with fields not known here.
    parsed = parseJson(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), 4);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw fault(source, `header: ${reason}`, 'The header is no legal JSON: the file is damaged.', { cause, offset: 8 });
  }
  if (!(parsed instanceof Map)) throw fault(source, 'header: expected a JSON object, got something else', 'The file is damaged.');
  return { tensors: parsed, dataStart: 8 + Number(length) };
}

function metadataOf(value: Json, source: ByteSource): Readonly<Record<string, string>> {
  const pairs: [string, string][] = [];
  if (!(value instanceof Map)) throw fault(source, '__metadata__: expected an object of strings', 'The file is damaged.');
  for (const [key, text] of value) {
    if (typeof text !== 'string')
      throw fault(source, `__metadata__: expected text under ${quote(key)}, got ${typeof text}`, 'The file is damaged.');
    pairs.push([key, text]);
  }
  return Object.fromEntries(pairs);
}

interface ParsedEntry {
  readonly type: string;
  readonly span: Span;
  /** Undefined for types that are legal but not read here. */
  readonly info: TensorInfo | undefined;
}

function entryOf(name: string, value: Json, source: ByteSource): ParsedEntry {
  const where = `tensor ${quote(name)}`;
  const wrong = (expected: string): CheckpointError =>
    fault(source, `${where}: expected ${expected}`, 'The header is damaged or was written wrongly.', { tensor: name });
  if (!(value instanceof Map)) throw wrong('an object with dtype, shape and data_offsets');
  const type = value.get('dtype');
  const shape = integers(value.get('shape'));
  const offsets = integers(value.get('data_offsets'));
  if (typeof type !== 'string' || !(isDataType(type) || Object.hasOwn(otherTypes, type))) throw wrong('a known dtype');
  if (shape === undefined) throw wrong('a shape of non-negative integers');
  const [begin, end] = offsets ?? [];
  if (offsets?.length !== 2 || begin === undefined || end === undefined || begin > end)
    throw wrong('data_offsets [begin, end] with begin ≤ end');
  const info = isDataType(type) ? { name, dtype: type, shape } : undefined;
  const bytes = info === undefined ? otherBytes(type, shape) : byteLength(info);
  if (bytes !== end - begin)
    throw wrong(`${bytes ?? 'fewer than 2^53'} bytes for ${type} [${shape.slice(0, 8).join(', ')}], got ${end - begin}`);
  return { type, span: { name, begin, end }, info };
}

function otherBytes(type: string, shape: readonly number[]): number | undefined {
  const count = byteLength({ dtype: 'U8', shape });
  const bits = count === undefined ? undefined : count * (otherTypes[type] ?? 8);
  return bits !== undefined && Number.isSafeInteger(bits) ? bits / 8 : undefined;
}

function integers(value: Json | undefined): readonly number[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const items: number[] = [];
  for (const item of value as readonly Json[]) {
    if (typeof item !== 'number' || !Number.isSafeInteger(item) || item < 0) return undefined;
    items.push(item);
  }
  return items;
}

/** The tensors, taken in the order of their bytes, must touch each other and fill the data section. */
function checkSpans(spans: Span[], size: number, source: ByteSource): void {
  spans.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let at = 0;
  for (const { name, begin, end } of spans) {
    if (begin !== at) {
      const kind = begin < at ? 'an overlap with another tensor' : 'a gap';
      throw fault(source, `tensor ${quote(name)}: expected its bytes to begin at ${at}, got ${kind} (${begin})`, 'The header is damaged.', {
        tensor: name,
      });
    }
    at = end;
  }
  if (at > size) {
    const message = `tensors: expected ${at} bytes of data, got ${size}`;
    throw fault(source, message, 'The file is cut off: fetch it again.', { kind: 'truncated' });
  }
  if (at < size) throw fault(source, `tensors: expected the data to end at ${at}, got ${size - at} bytes more`, 'The file is damaged.');
}

interface FaultFields {
  readonly kind?: CheckpointFault;
  readonly tensor?: string;
  readonly offset?: number;
  readonly cause?: unknown;
}

function fault(source: ByteSource, what: string, advice: string, fields: FaultFields = {}): CheckpointError {
  const { kind = 'malformed', ...rest } = fields;
  return new CheckpointError(`${format}: ${what} (${source.name ?? 'no file name'}). ${advice}`, { fault: kind, format, ...rest });
}
