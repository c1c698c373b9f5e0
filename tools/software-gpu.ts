// Tests and CI run WebGPU on a software adapter: SwiftShader, which Debian's chromium-common package ships.
import { existsSync } from 'node:fs';
import { type Adapter, describeAdapter } from '@samequestion/tfjs-onnx';

const SWIFTSHADER = '/usr/lib/chromium/vk_swiftshader_icd.json';

/**
 * The adapter that tests run on: what the environment names, else the software adapter, else a GPU. Where there is none, says so in one line. To be
 * called before the first session of a process, whose graphics loader reads the environment once.
 */
export const findAdapter = async (what: string): Promise<Adapter | undefined> => {
  if (process.env['VK_DRIVER_FILES'] === undefined && process.env['VK_ICD_FILENAMES'] === undefined && existsSync(SWIFTSHADER)) {
    process.env['VK_DRIVER_FILES'] = SWIFTSHADER;
    process.env['VK_ICD_FILENAMES'] = SWIFTSHADER;
  }
  try {
    return await describeAdapter();
  } catch (error) {
    process.stderr.write(`${what} skipped: ${error instanceof Error ? error.message : String(error)}\n`);
    return undefined;
  }
};
