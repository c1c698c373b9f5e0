import { execFile } from 'node:child_process';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import type { Adapter } from '@samequestion/tfjs-onnx';

import { type InstalledPackage, findPackage, tensorflowPackages } from '../tensorflow/find-package.ts';
import { readLink } from '../tensorflow/link.ts';
import { tryPackage } from '../tensorflow/try-package.ts';
import type { Finding } from './finding.ts';
import { graphicsNames } from './graphics.ts';

const longestMilliseconds = 90_000;

interface Probed {
  readonly gigaflops?: number;
  /** Rows and columns of the matrices. */
  readonly size?: number;
  readonly adapter?: Adapter;
  readonly failure?: string;
}

/** Every engine, tried. */
export async function describeEngines(): Promise<readonly Finding[]> {
  const version = findPackage('onnxruntime-node')?.version;
  const runtime = version === undefined ? 'ONNX Runtime' : `ONNX Runtime ${version}`;
  return [
    await describeCpu(runtime),
    await describeWebgpu(),
    ...(await Promise.all(Object.values(tensorflowPackages).map(describeTensorflow))),
  ];
}

/** Loads an engine and multiplies two matrices, in a process of its own. */
async function probe(engine: string): Promise<Probed> {
  const script = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './probe.ts' : './probe.js', import.meta.url));
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [...process.execArgv, script, engine], { timeout: longestMilliseconds });
    const line = stdout.split('\n').find((text) => text.startsWith('PROBE '));
    return JSON.parse(line?.slice('PROBE '.length) ?? '{}') as Probed;
  } catch (error) {
    const text = String((error as { stderr?: string }).stderr ?? error);
    const line = text.split('\n').find((part) => /Error: /u.test(part)) ?? text;
    return {
      failure: line
        .trim()
        .replace(/^\w*Error: /u, '')
        .slice(0, 200),
    };
  }
}

async function describeCpu(runtime: string): Promise<Finding> {
  const { gigaflops, size = 0, failure } = await probe('onnx-cpu');
  const name = '--engine onnx-cpu';
  if (gigaflops !== undefined)
    return {
      name,
      works: true,
      found: `${runtime}, ${speed(gigaflops)} GFLOP/s on a product of ${size} × ${size} (auto takes this engine)`,
    };
  return { name, works: false, found: failure ?? 'no answer', enable: 'run npm ci again; the library is in the package onnxruntime-node' };
}

async function describeWebgpu(): Promise<Finding> {
  const name = '--engine onnx-webgpu';
  const [{ gigaflops, size = 0, adapter, failure }, names] = await Promise.all([probe('onnx-webgpu'), graphicsNames()]);
  if (gigaflops !== undefined) {
    const half = `float16 products ${adapter?.float16 === true ? 'possible' : 'not possible'}`;
    return {
      name,
      works: true,
      found: `${adapterName(adapter, names)}, ${speed(gigaflops)} GFLOP/s on a product of ${size} × ${size}, copies counted, ${half}`,
    };
  }
  const enable =
    process.platform === 'linux'
      ? 'install a Vulkan driver (mesa-vulkan-drivers, or NVIDIA’s with its Vulkan part) and, in a container, pass the GPU with its graphics capability'
      : 'update the graphics driver';
  const reason = /adapter/iu.test(failure ?? '') ? 'no adapter that WebGPU can use' : (failure ?? 'no answer');
  return { name, works: false, found: `${names.length === 0 ? 'no GPU found' : names.join('; ')}, ${reason}`, enable };
}

/** The adapter that was taken, and what else there is; where the graphics library does not tell, what the system has. */
function adapterName(adapter: Adapter | undefined, names: readonly string[]): string {
  if (adapter?.name === undefined) return names.length === 0 ? 'an adapter whose name the system does not tell' : names.join('; ');
  const others = adapter.devices.filter((device) => device !== adapter.name);
  const choice = others.length === 0 ? '' : ` (VK_DRIVER_FILES or VK_LOADER_DEVICE_SELECT would choose ${others.join(' or ')})`;
  return `${adapter.name} through ${basename(adapter.driver ?? 'Vulkan')}${choice}`;
}

const speed = (gigaflops: number): string => Number(gigaflops.toPrecision(2)).toLocaleString('en');

async function describeTensorflow(name: string): Promise<Finding> {
  const shown = `--engine tfjs: ${name}`;
  const installed = findPackage(name);
  if (installed === undefined)
    return {
      name: shown,
      works: false,
      found: 'not installed',
      enable: `npm install --ignore-scripts ${name}@4.22.0, then samequestion link-tensorflow`,
    };
  const tried = await tryPackage(installed);
  const link = await readLink(installed);
  if (!tried.works)
    return {
      name: shown,
      works: false,
      found: `${installed.version} does not load: ${tried.reason}`,
      enable: howToLink(installed, link !== undefined),
    };
  const origin = link === undefined ? 'as published' : `linked to that of ${link.python}`;
  return {
    name: shown,
    works: true,
    found: `${installed.version} with TensorFlow ${tried.tensorflow} (${origin}) on the ${tried.gpu ? 'GPU' : 'CPU'}`,
  };
}

function howToLink({ folder }: InstalledPackage, linked: boolean): string {
  const command = `samequestion link-tensorflow --python PYTHON --package ${folder}`;
  return linked ? `link it again: ${command}` : `link it to the TensorFlow of a Python: ${command}`;
}
