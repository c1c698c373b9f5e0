import { SaxesParser } from 'saxes';
import { cleanQuestion } from './clean-question.ts';
import { corpusError, quoted } from './corpus-error.ts';
import type { DefectKind, DefectListener } from './defect.ts';
import { decodeUtf8 } from './decode-utf8.ts';
import type { QuestionGroup, TextSource } from './pair.ts';

/** Options of {@link readCompetitionXml}. */
export interface CompetitionXmlOptions {
  /** Name of the source in error messages, usually the file's path. */
  readonly source?: string;
  /** Receives what the reader puts right: empty questions, stray spaces, an illegal encoding name, … */
  readonly onDefect?: DefectListener;
  /** Longest question, comment or tag in characters; longer ones are refused. Default 1,000,000. */
  readonly maxLength?: number;
}

const WHAT = 'readCompetitionXml';
const LISTS: Readonly<Record<string, 'equivalents' | 'nonEquivalents'>> = {
  EquivalenceQuestions: 'equivalents',
  NotEquivalenceQuestions: 'nonEquivalents',
};
/** Names that people write although only HTML knows them. */
const HTML_ENTITIES: Readonly<Record<string, string>> = {
  nbsp: '\u00A0',
  ldquo: '“',
  rdquo: '”',
  lsquo: '‘',
  rsquo: '’',
  hellip: '…',
  mdash: '—',
  ndash: '–',
  middot: '·',
  times: '×',
  yen: '¥',
};

/**
 * Reads the competition's training file, group by group, in constant memory.
 *
 * The declared encoding may have any name as long as the bytes are UTF-8; a byte order mark, CDATA, comments, character references, empty
 * questions and groups with a single child are fine. A document type that declares anything, unknown elements, deeper nesting and text
 * outside `<question>` are refused, so entity bombs never expand and no question is lost unseen.
 *
 * @throws {CorpusError} With the line, if the bytes are not UTF-8 or the text is not well-formed XML of this shape.
 */
export async function* readCompetitionXml(source: TextSource, options: CompetitionXmlOptions = {}): AsyncGenerator<QuestionGroup> {
  const document = new CompetitionDocument(options);
  const onByteOrderMark = (): void => document.defect('byte-order-mark', 'a byte order mark was left out', 1);
  for await (const piece of decodeUtf8(source, { what: WHAT, source: options.source, onByteOrderMark })) {
    document.write(piece);
    yield* document.takeGroups();
  }
  document.close();
  yield* document.takeGroups();
}

interface OpenGroup {
  readonly id: string;
  readonly line: number;
  readonly equivalents: string[];
  readonly nonEquivalents: string[];
  readonly listsSeen: Set<string>;
  emptyQuestions: number;
}

/** The parser with its place in the document: root › Questions › list › question. */
class CompetitionDocument {
  readonly #options: CompetitionXmlOptions;
  readonly #maxLength: number;
  readonly #parser = new SaxesParser();
  readonly #path: string[] = [];
  #finished: QuestionGroup[] = [];
  #group: OpenGroup | undefined;
  #groupsSeen = 0;
  #text = '';
  #questionLine = 1;
  #sinceEvent = 0;

  constructor(options: CompetitionXmlOptions) {
    this.#options = options;
    this.#maxLength = options.maxLength ?? 1_000_000;
    if (!(this.#maxLength >= 1)) throw new RangeError(`${WHAT}: maxLength: expected a positive number, got ${this.#maxLength}`);
    const parser = this.#parser;
    Object.assign(parser.ENTITIES, HTML_ENTITIES);
    parser.on('error', (error) => this.#malformed(error));
    parser.on('xmldecl', ({ encoding }) => this.#declaration(encoding));
    parser.on('doctype', (text) => this.#documentType(text));
    parser.on('opentag', (tag) => this.#open(tag.name, tag.attributes));
    parser.on('closetag', (tag) => this.#close(tag.name));
    parser.on('text', (text) => this.#characters(text));
    parser.on('cdata', (text) => this.#characters(text));
    parser.on('comment', () => this.#event());
    parser.on('processinginstruction', () => this.#event());
  }

  write(piece: string): void {
    this.#sinceEvent += piece.length;
    const before = this.#sinceEvent;
    this.#parser.write(piece);
    if (this.#sinceEvent === before && before > this.#maxLength + 65_536) this.#tooLong();
  }

  close(): void {
    const { line } = this.#parser;
    this.#parser.close();
    if (this.#groupsSeen > 0) return;
    throw this.#error('at least one <Questions> group', 'none', { line, advice: 'Is this the training file?' });
  }

  takeGroups(): readonly QuestionGroup[] {
    const groups = this.#finished;
    this.#finished = [];
    return groups;
  }

  defect(kind: DefectKind, message: string, line: number = this.#parser.line): void {
    this.#options.onDefect?.({ kind, message, line, dropped: false });
  }

  #event(): void {
    this.#sinceEvent = 0;
  }

  #declaration(encoding: string | undefined): void {
    this.#event();
    if (encoding === undefined || /^utf-8$/i.test(encoding)) return;
    this.defect('declared-encoding', `the declared encoding ${quoted(encoding)} was read as UTF-8`);
  }

  #documentType(text: string): void {
    this.#event();
    if (text.includes('[')) throw this.#error('no declarations in the document type', 'some', { advice: 'Remove the part in brackets.' });
    this.defect('document-type', 'the document type was not loaded');
  }

  #open(name: string, attributes: Readonly<Record<string, string>>): void {
    this.#event();
    const depth = this.#path.length;
    if (depth === 1) this.#openGroup(name, attributes);
    else if (depth === 2) this.#openList(name);
    else if (depth === 3) this.#openQuestion(name);
    else if (depth > 3) throw this.#error('text inside <question>', `<${name}>`, { advice: 'Write < as &lt; in questions.' });
    this.#path.push(name);
  }

  #openGroup(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name !== 'Questions') throw this.#error('<Questions>', `<${name}>`);
    const number = attributes['number']?.trim() ?? '';
    if (number === '') this.defect('missing-number', 'a group has no number; its position stands for it');
    this.#group = {
      id: number === '' ? `#${this.#groupsSeen}` : number,
      line: this.#parser.line,
      equivalents: [],
      nonEquivalents: [],
      listsSeen: new Set(),
      emptyQuestions: 0,
    };
    this.#groupsSeen += 1;
  }

  #openList(name: string): void {
    if (!Object.hasOwn(LISTS, name)) throw this.#error('<EquivalenceQuestions> or <NotEquivalenceQuestions>', `<${name}>`);
    if (this.#group?.listsSeen.has(name) === true) this.defect('repeated-list', `a second <${name}> of its group was added to the first`);
    this.#group?.listsSeen.add(name);
  }

  #openQuestion(name: string): void {
    if (name !== 'question') throw this.#error('<question>', `<${name}>`);
    this.#text = '';
    this.#questionLine = this.#parser.line;
  }

  #characters(text: string): void {
    this.#event();
    if (this.#path.length === 4) {
      this.#text += text;
      if (this.#text.length > this.#maxLength) this.#tooLong();
    } else if (text.trim() !== '') {
      throw this.#error('text only inside <question>', quoted(text.trim()));
    }
  }

  #close(name: string): void {
    this.#event();
    this.#path.pop();
    if (this.#path.length === 3) this.#closeQuestion();
    else if (this.#path.length === 1 && name === 'Questions') this.#closeGroup();
  }

  #closeQuestion(): void {
    const group = this.#group;
    const list = LISTS[this.#path[2] ?? ''];
    if (group === undefined || list === undefined) return;
    const place = { what: WHAT, source: this.#options.source, line: this.#questionLine, onDefect: this.#options.onDefect };
    const question = cleanQuestion(this.#text, place);
    if (question === '') {
      group.emptyQuestions += 1;
      this.defect('empty-question', `an empty question of group ${quoted(group.id)} was left out`, this.#questionLine);
    } else {
      group[list].push(question);
    }
  }

  #closeGroup(): void {
    const group = this.#group;
    if (group === undefined) return;
    const { id, equivalents, nonEquivalents, emptyQuestions } = group;
    if (equivalents.length + nonEquivalents.length === 0) this.defect('empty-group', `group ${quoted(id)} has no question`, group.line);
    this.#finished.push({ id, equivalents, nonEquivalents, ...(emptyQuestions > 0 ? { emptyQuestions } : {}) });
    this.#group = undefined;
  }

  /** The parser notices an ampersand that begins no entity only at the next semicolon, which may be far below. */
  #malformed(cause: Error): never {
    const message = cause.message.replace(/^\d+:\d+: /u, '').replace(/\.$/u, '');
    const entity = this.#path.length === 4 && /entity|unclosed tag/u.test(message);
    const details = entity ? { line: this.#questionLine, advice: 'In questions, write & as &amp;.', cause } : { cause };
    throw this.#error('well-formed XML', `a parse error: ${message}`, details);
  }

  #tooLong(): never {
    throw this.#error(`questions and tags of at most ${this.#maxLength} characters`, 'a longer one', { advice: 'Is an end tag missing?' });
  }

  #error(
    expected: string,
    got: string,
    details: { readonly line?: number; readonly advice?: string; readonly cause?: unknown } = {},
  ): Error {
    return corpusError({ what: WHAT, source: this.#options.source, line: this.#parser.line, expected, got, ...details });
  }
}
