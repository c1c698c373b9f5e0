/** Cuts a text into words. Joined, the words are the text. */
export interface Segmenter {
  /** Name with version, because the output depends on both: `Intl.Segmenter, ICU 78.2`. */
  readonly name: string;
  segment(text: string): readonly string[];
}

/** The segmenter of the JavaScript runtime; needs nothing installed. */
export function intlSegmenter(): Segmenter {
  const inner = new Intl.Segmenter('zh', { granularity: 'word' });
  const version: string | undefined = globalThis.process?.versions?.['icu'];
  return {
    name: version === undefined ? 'Intl.Segmenter' : `Intl.Segmenter, ICU ${version}`,
    segment: (text) => Array.from(inner.segment(text), ({ segment }) => segment),
  };
}

/** Any function as a segmenter. */
export function segmenterFrom(name: string, segment: (text: string) => readonly string[]): Segmenter {
  return { name, segment };
}

interface Nodejieba {
  cut(text: string): string[];
}

/**
 * nodejieba as a segmenter.
 *
 * @throws {TypeError} If the optional peer `nodejieba` is not installed or its native part does not load.
 */
export async function jiebaSegmenter(): Promise<Segmenter> {
  const name: string = 'nodejieba';
  try {
    const loaded = (await import(name)) as { default?: Nodejieba } & Nodejieba;
    const jieba = loaded.default ?? loaded;
    const { createRequire } = await import('node:module');
    const { version } = createRequire(import.meta.url)('nodejieba/package.json') as { version: string };
    return { name: `nodejieba ${version}`, segment: (text) => jieba.cut(text) };
  } catch (cause) {
    throw new TypeError('jiebaSegmenter: expected the package nodejieba, got none that loads. Install it, or use intlSegmenter().', {
      cause,
    });
  }
}

/** nodejieba where it is installed, the runtime's own segmenter otherwise. `name` says which. */
export async function bestSegmenter(): Promise<Segmenter> {
  try {
    return await jiebaSegmenter();
  } catch {
    return intlSegmenter();
  }
}
