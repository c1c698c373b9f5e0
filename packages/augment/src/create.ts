import type { Augmenter } from './augmenter.ts';
import { augmenterOf } from './augmenter.ts';
import type { Recipe } from './recipe.ts';
import { recipes } from './recipes.ts';
import type { Segmenter } from './segmenters.ts';
import { bestSegmenter, intlSegmenter, jiebaSegmenter } from './segmenters.ts';
import { contextReader } from './sounds.ts';

/** What `createAugmenter` makes. */
export interface AugmenterOptions {
  /** A recipe or the name of one; `balanced` by default. */
  readonly recipe?: Recipe | string;
  /** `best` (default) is nodejieba where it is installed and Intl.Segmenter otherwise. */
  readonly segmenter?: Segmenter | 'best' | 'intl' | 'nodejieba';
  /** Whether characters are read in context by pinyin-pro (default) or by their main reading, which needs nothing loaded. */
  readonly readings?: 'context' | 'main';
}

function findRecipe(recipe: Recipe | string): Recipe {
  if (typeof recipe !== 'string') return recipe;
  const found = recipes[recipe];
  if (found === undefined) {
    throw new RangeError(
      `createAugmenter: expected a recipe of ${Object.keys(recipes).join(', ')}, got "${recipe}". Name one, or pass your own.`,
    );
  }
  return found;
}

async function findSegmenter(segmenter: Segmenter | 'best' | 'intl' | 'nodejieba'): Promise<Segmenter> {
  if (typeof segmenter !== 'string') return segmenter;
  if (segmenter === 'intl') return intlSegmenter();
  return segmenter === 'nodejieba' ? jiebaSegmenter() : bestSegmenter();
}

/**
 * An augmenter with its recipe and tools loaded; using it is synchronous.
 *
 * @throws {RangeError} If no recipe has the name.
 * @throws {TypeError} If nodejieba is asked for and not installed.
 */
export async function createAugmenter(options: AugmenterOptions = {}): Promise<Augmenter> {
  const recipe = findRecipe(options.recipe ?? 'balanced');
  const segmenter = await findSegmenter(options.segmenter ?? 'best');
  return augmenterOf(recipe, { segmenter, readText: options.readings === 'main' ? undefined : await contextReader() });
}
