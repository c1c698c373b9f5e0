import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const home = process.env['SAMEQUESTION_PEERS'];

/** The folder where the programs of `bench/peers` are installed: there, or where `.ci/peers` put them. */
export const peers: string = home === undefined ? fileURLToPath(new URL('../../bench/peers', import.meta.url)) : join(home, 'competition');

/** Is this package installed there? */
export function hasPeer(name: string): boolean {
  return existsSync(join(peers, 'node_modules', name, 'package.json'));
}
