import { spawn } from 'node:child_process';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OnnxEngineError } from './errors.ts';

/** The GPU that sessions of this machine run on, as far as it can be known. */
export interface Adapter {
  /** What its driver calls it; `undefined` where graphics do not go through Vulkan (Windows, macOS), whose libraries do not tell. */
  readonly name: string | undefined;
  /** The driver's file. */
  readonly driver: string | undefined;
  /** All devices that the graphics loader found, in its order. */
  readonly devices: readonly string[];
  /** Does it compute with 16-bit floats? */
  readonly float16: boolean;
}

const LONGEST_MILLISECONDS = 60_000;

interface Heard {
  readonly report: string;
  readonly failed: boolean;
}

/** Runs the probe with its error stream in a file: what the loader writes to a full pipe would be lost. */
const runProbe = async (): Promise<Heard> => {
  const script = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './adapter-probe.ts' : './adapter-probe.js', import.meta.url));
  const folder = await mkdtemp(join(tmpdir(), 'tfjs-onnx-'));
  try {
    const file = await open(join(folder, 'report'), 'w+');
    // The loader's own report is the one place that names the device; it is asked for in the probe's process alone.
    const child = spawn(process.execPath, [...process.execArgv, script], {
      env: { ...process.env, VK_LOADER_DEBUG: 'driver' },
      timeout: LONGEST_MILLISECONDS,
      stdio: ['ignore', file.fd, file.fd],
    });
    const failed = await new Promise<boolean>((resolve) => {
      child.once('error', () => resolve(true));
      child.once('close', (code) => resolve(code !== 0));
    });
    await file.close();
    return { report: await readFile(join(folder, 'report'), 'utf8'), failed };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** What the Vulkan loader reports of devices. */
const devicesFrom = (report: string): Pick<Adapter, 'name' | 'driver' | 'devices'> => {
  const [, name, driver] = /Using "([^"]+)" with driver: "([^"]+)"/u.exec(report) ?? [];
  const listed = [...report.matchAll(/^[^\n]*\[\d+\] (\S[^\n]*?)\s*$/gmu)].map(([, device = '']) => device);
  return { name, driver, devices: [...new Set(listed)] };
};

const reasonFrom = (report: string): string => {
  const line = report.split('\n').find((text) => /^(?:\w*Error: |.*Failed to get a WebGPU adapter)/u.test(text)) ?? '';
  const loader = /Couldn't load Vulkan: ([^\n]*)/u.exec(report)?.[1];
  const reason = /Failed to get a WebGPU adapter[^\n]*/u.exec(line)?.[0] ?? line.replace(/^\w*Error: /u, '');
  return [reason === '' ? 'the end of its process' : reason.trim(), ...(loader === undefined ? [] : [loader.trim()])].join('; ');
};

/**
 * Finds out which GPU WebGPU sessions run on. ONNX Runtime for Node neither tells nor lets choose, so a process of its own opens one (a second or
 * two) and the graphics loader is asked to report which device it made. Sessions of this process take the same, as long as the environment is the
 * same: on Linux `VK_DRIVER_FILES` names the driver, `VK_LOADER_DEVICE_SELECT` a device (`vendor:device` in hexadecimal).
 *
 * @throws {OnnxEngineError} If there is no GPU that WebGPU can use.
 */
export const describeAdapter = async (): Promise<Adapter> => {
  const { report, failed } = await runProbe();
  const line = report.split('\n').find((text) => text.startsWith('ADAPTER '));
  if (failed || line === undefined) {
    throw new OnnxEngineError(
      `adapter: expected a GPU that WebGPU can use, got ${reasonFrom(report)}. Install its graphics driver (on Linux one for Vulkan, and libvulkan1), or use the CPU.`,
    );
  }
  const { float16 } = JSON.parse(line.slice('ADAPTER '.length)) as { readonly float16: boolean };
  return { ...devicesFrom(report), float16 };
};
