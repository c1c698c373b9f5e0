import fc from 'fast-check';

const SPECIALTIES = [
  ...'abcABCxyz0123 \t\n.,#[]()@-',
  ...'中国借条𠮷豈侮',
  ...'éÀçÅﬁßİıΣσςΟΔ',
  ...'각국뼈한',
  '\u0301',
  '\u0308',
  '\u034F',
  '\u302E',
  '\uA9C0',
  '\u1B44',
  '\u{1D165}',
  '\u{1D15F}',
  '\u0345',
  '\u200D',
  '\u00AD',
  '\u0000',
  '\uFFFD',
  '\u0085',
  '\u2028',
  '\u3000',
  '\uD842',
  '👩‍👧',
  '≠',
  'ẛ̣',
  '่',
  '[SEP]',
  '##b',
];

/** Text that is hard on tokenizers: marks, Hangul, sigma, controls, lone surrogates, any code point now and then. */
export const hardText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...SPECIALTIES) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 0x10ffff }).map((codePoint) => String.fromCodePoint(codePoint)) },
    ),
    {
      maxLength: 24,
    },
  )
  .map((parts) => parts.join(''));
