/** A name in a pickle that is on the allow-list. It stays a name: nothing is imported, nothing is called. */
export interface GlobalName {
  readonly kind: 'global';
  readonly name: string;
}
/** A Python list; it may grow while the pickle is read. */
export interface List {
  readonly kind: 'list';
  readonly items: PickleValue[];
}
export interface Tuple {
  readonly kind: 'tuple';
  readonly items: readonly PickleValue[];
}
/** A Python dict or OrderedDict, in insertion order. */
export interface Dict {
  readonly kind: 'dict';
  readonly entries: Map<PickleValue, PickleValue>;
}
/** Numbers that tensors look at: the bytes stand elsewhere in the file, under `key`. */
export interface Storage {
  readonly kind: 'storage';
  /** The class's name, `torch.FloatStorage`. */
  readonly type: string;
  readonly key: string;
  /** Elements of the whole storage. */
  readonly count: number;
  /** First element this view may use, and how many. */
  readonly start: number;
  readonly length: number;
}
/** A view of a storage. Offsets and strides count elements. */
export interface TensorView {
  readonly kind: 'tensor';
  readonly storage: Storage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}
/** Something harmless that is not looked into: a set, a device. */
export interface Other {
  readonly kind: 'other';
  readonly name: string;
}

/** All that the restricted unpickler can build. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | GlobalName
  | List
  | Tuple
  | Dict
  | Storage
  | TensorView
  | Other;

/** The kinds of values that are objects here. */
export type PickleKind = 'global' | 'list' | 'tuple' | 'dict' | 'storage' | 'tensor' | 'other';

/** Whether a value is of a kind. */
export function isKind<Kind extends PickleKind>(
  value: PickleValue | undefined,
  kind: Kind,
): value is Extract<PickleValue, { readonly kind: Kind }> {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array) && value.kind === kind;
}

/** What a value is, for messages. */
export function describeValue(value: PickleValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'None';
  if (value instanceof Uint8Array) return 'bytes';
  if (typeof value === 'object') return 'name' in value ? value.name : value.kind;
  return typeof value;
}
