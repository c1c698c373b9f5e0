import { execFile } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

const vendors: Readonly<Record<string, string>> = {
  '0x10de': 'NVIDIA',
  '0x1002': 'AMD',
  '0x8086': 'Intel',
  '0x1414': 'Microsoft',
  '0x106b': 'Apple',
};

/**
 * The names of the graphics processors that the system knows: from Vulkan's or the vendor's tool where it is installed, else from the
 * kernel. For where ONNX Runtime's graphics library does not tell which one it took.
 */
export async function graphicsNames(): Promise<readonly string[]> {
  const driver = process.env['VK_ICD_FILENAMES'] ?? process.env['VK_DRIVER_FILES'];
  if (driver !== undefined && /swiftshader|lvp|lavapipe/iu.test(driver)) return [`a software adapter (${basename(driver)})`];
  const named = [...(await vulkanNames()), ...(await nvidiaNames()), ...(await appleNames())];
  return [...new Set(named.length > 0 ? named : await kernelNames())];
}

async function linesOf(program: string, args: readonly string[]): Promise<readonly string[]> {
  try {
    const { stdout } = await promisify(execFile)(program, [...args], { timeout: 10_000 });
    return stdout.split('\n').map((line) => line.trim());
  } catch {
    return [];
  }
}

async function vulkanNames(): Promise<readonly string[]> {
  return (await linesOf('vulkaninfo', ['--summary'])).flatMap((line) => /^deviceName\s*=\s*(.+)$/u.exec(line)?.[1] ?? []);
}

async function nvidiaNames(): Promise<readonly string[]> {
  return (await linesOf('nvidia-smi', ['--query-gpu=name,memory.total,driver_version', '--format=csv,noheader'])).filter(
    (line) => line !== '',
  );
}

async function appleNames(): Promise<readonly string[]> {
  if (process.platform !== 'darwin') return [];
  return (await linesOf('system_profiler', ['SPDisplaysDataType'])).flatMap((line) => /^Chipset Model:\s*(.+)$/u.exec(line)?.[1] ?? []);
}

async function kernelNames(): Promise<readonly string[]> {
  const folder = '/sys/class/drm';
  const cards = (await readdir(folder).catch(() => [])).filter((name) => /^card\d+$/u.test(name));
  return Promise.all(
    cards.map(async (card) => {
      const read = async (name: string): Promise<string> =>
        (await readFile(join(folder, card, 'device', name), 'utf8').catch(() => '')).trim();
      const vendor = await read('vendor');
      return `${vendors[vendor] ?? vendor} ${await read('device')}`.trim();
    }),
  );
}
