/** Examples made between two breaths of the event loop: little enough that an engine's answers are not kept waiting. */
const slice = 16;

/**
 * Chunks of examples, the next one made while the engine computes on the one before. What is made depends on the position alone, so prefetching
 * changes no number.
 *
 * @param make The example at a position.
 * @param size Examples of a chunk.
 */
export function prefetched<Example>(make: (position: number) => Example, size: number): (chunk: number) => Example[] {
  let ahead: { readonly chunk: number; readonly examples: Example[] } | undefined;
  const fill = (target: { readonly chunk: number; readonly examples: Example[] }, count: number): void => {
    for (let made = 0; made < count && target.examples.length < size; made++)
      target.examples.push(make(target.chunk * size + target.examples.length));
  };
  const goOn = (target: { readonly chunk: number; readonly examples: Example[] }): void => {
    if (target !== ahead || target.examples.length >= size) return;
    fill(target, slice);
    setTimeout(goOn, 1, target).unref();
  };
  return (chunk) => {
    const wanted = ahead?.chunk === chunk ? ahead : { chunk, examples: [] };
    fill(wanted, size);
    const next = { chunk: chunk + 1, examples: [] };
    ahead = next;
    setTimeout(goOn, 1, next).unref();
    return wanted.examples;
  };
}
