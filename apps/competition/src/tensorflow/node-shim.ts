import util from 'node:util';

/**
 * Gives `node:util` back the two functions that `@tensorflow/tfjs-node` 4.22 calls and Node 23 dropped. Older Nodes have them, and nothing
 * happens.
 */
export function restoreUtilFunctions(): void {
  const target = util as { isNullOrUndefined?: (value: unknown) => boolean; isArray?: (value: unknown) => boolean };
  target.isNullOrUndefined ??= (value) => value === null || value === undefined;
  target.isArray ??= Array.isArray;
}
