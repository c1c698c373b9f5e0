// Runs one bench file by itself and prints its figures as JSON Lines: `node main.js` of a bundle, where the repository's runner is not.
import { bench } from './webgpu.bench.ts';

await bench.run((figure) => process.stdout.write(`${JSON.stringify(figure)}\n`));
