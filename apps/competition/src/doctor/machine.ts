import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';

import type { Finding } from './finding.ts';

/** Instructions that speed up products of matrices, as Linux names them. */
const fastInstructions = [
  'avx2',
  'avx512f',
  'avx512_vnni',
  'avx512_bf16',
  'amx_tile',
  'amx_bf16',
  'amx_int8',
  'asimd',
  'sve',
  'i8mm',
  'bf16',
];
const oldestNode = [20, 19] as const;

/** Node, processor and memory. */
export function describeMachine(): readonly Finding[] {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const supported = major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
  const instructions = processorInstructions();
  const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  return [
    {
      name: 'Node',
      works: supported,
      found: `${process.version}, ${process.platform} ${process.arch}`,
      ...(supported ? {} : { enable: `install Node ${oldestNode.join('.')} or later` }),
    },
    {
      name: 'processor',
      works: true,
      found: [
        cpus()[0]?.model.trim() ?? 'unknown',
        `${availableParallelism()} cores`,
        ...(instructions.length > 0 ? [instructions.join(' ')] : []),
      ].join(', '),
    },
    { name: 'memory', works: true, found: `${gibibytes(totalmem())}, ${gibibytes(freemem())} of it free` },
  ];
}

function processorInstructions(): readonly string[] {
  try {
    const [, flags = ''] = /^(?:flags|Features)\s*:(.*)$/mu.exec(readFileSync('/proc/cpuinfo', 'utf8')) ?? [];
    const all = new Set(flags.split(' '));
    return fastInstructions.filter((name) => all.has(name));
  } catch {
    return [];
  }
}
