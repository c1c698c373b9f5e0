/** A line as it stands in a file. */
export interface RawLine {
  readonly text: string;
  /** From 1. */
  readonly line: number;
  /** What ends it; empty where the file ends first. */
  readonly ending: '\r\n' | '\n' | '\r' | '';
}

/** A file cut into lines, with what hinders it from being plain UTF-8. */
export interface RawFile {
  readonly lines: readonly RawLine[];
  /** Places of bytes that are not UTF-8, one for each line that has some. */
  readonly invalid: readonly { readonly line: number; readonly column: number }[];
  readonly byteOrderMark: boolean;
}

/** Cuts bytes into lines at LF, CRLF and bare CR. Bytes that are not UTF-8 become U+FFFD and are listed. */
export function splitLines(bytes: Uint8Array): RawFile {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const lenient = new TextDecoder('utf-8', { ignoreBOM: true });
  const lines: RawLine[] = [];
  const invalid: { readonly line: number; readonly column: number }[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = lineEnd(bytes, start);
    const ending = endingAt(bytes, end);
    const piece = bytes.subarray(start, end);
    const line = lines.length + 1;
    let text: string;
    try {
      text = strict.decode(piece);
    } catch {
      text = lenient.decode(piece);
      invalid.push({ line, column: [...text].indexOf('\uFFFD') + 1 });
    }
    lines.push({ text: line === 1 ? text.replace(/^\uFEFF/u, '') : text, line, ending });
    start = end + ending.length;
  }
  return { lines, invalid, byteOrderMark: bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf };
}

function lineEnd(bytes: Uint8Array, start: number): number {
  for (let at = start; at < bytes.length; at += 1) if (bytes[at] === 0x0a || bytes[at] === 0x0d) return at;
  return bytes.length;
}

function endingAt(bytes: Uint8Array, at: number): RawLine['ending'] {
  if (at >= bytes.length) return '';
  if (bytes[at] === 0x0a) return '\n';
  return bytes[at + 1] === 0x0a ? '\r\n' : '\r';
}
