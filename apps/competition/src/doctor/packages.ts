import { findPackage } from '../tensorflow/find-package.ts';
import type { Finding } from './finding.ts';

/** Packages that are used where they are installed. */
const optional: readonly { readonly name: string; readonly use: string; readonly without: string }[] = [
  {
    name: 'nodejieba',
    use: 'cuts text into words for augmentation',
    without: `Intl.Segmenter (ICU ${process.versions['icu'] ?? 'unknown'}) cuts instead`,
  },
  { name: 'opencc-js', use: 'traditional and simplified characters in augmentation', without: 'that operation is left out' },
  { name: '@huggingface/transformers', use: 'model-based augmentation', without: 'recipes without models work' },
  { name: '@huggingface/hub', use: 'downloads models named owner/name', without: 'models come from folders' },
];

/** The optional packages, each imported once. */
export async function describePackages(): Promise<readonly Finding[]> {
  return Promise.all(
    optional.map(async ({ name, use, without }) => {
      const installed = findPackage(name);
      if (installed === undefined)
        return { name, works: false, found: `not installed; ${without}`, enable: `npm install ${name} (${use})` };
      try {
        await import(installed.entry);
        return { name, works: true, found: `${installed.version}, ${use}` };
      } catch (error) {
        const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
        return { name, works: false, found: `${installed.version} does not load: ${reason}; ${without}`, enable: `npm rebuild ${name}` };
      }
    }),
  );
}
