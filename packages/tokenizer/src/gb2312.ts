/**
 * The 6,763 characters of GB 2312, the standard set of everyday written Chinese, most of them far from rare in any text.
 *
 * As `alphabet` of a training they keep characters known that the training texts happen to lack: a character that is `[UNK]` can neither
 * be told from another one nor be matched.
 */
export function gb2312Characters(): string {
  const decoder = new TextDecoder('gb2312');
  const bytes: number[] = [];
  for (let row = 0xb0; row <= 0xf7; row++) {
    const last = row === 0xd7 ? 0xf9 : 0xfe;
    for (let cell = 0xa1; cell <= last; cell++) bytes.push(row, cell);
  }
  return decoder.decode(Uint8Array.from(bytes));
}
