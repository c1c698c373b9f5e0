import { loadModel } from '@samequestion/bert';

/** What loading a folder took. Seconds and bytes. */
export interface LoadedFolder {
  readonly seconds: number;
  readonly startRss: number;
  readonly peakRss: number;
}

const [folder = ''] = process.argv.slice(2);
const startRss = process.memoryUsage.rss();
const start = performance.now();
const { parameters } = await loadModel(folder, { newHeadsSeed: 1 });
const seconds = (performance.now() - start) / 1000;
if (Object.keys(parameters).length === 0) throw new Error('nothing was read');
const loaded: LoadedFolder = { seconds, startRss, peakRss: process.resourceUsage().maxRSS * 1024 };
process.stdout.write(JSON.stringify(loaded));
