// Loads TypeScript from source in tests and benches: `node --import ./tools/typescript.mjs`. Node ≥ 22.18 could do it alone; Node 20 can't,
// and tsx's own `--import tsx` does not reach worker threads there, which inherit this file through execArgv and register for themselves.
import { register } from 'tsx/esm/api';

register();
