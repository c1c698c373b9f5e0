import { describe, expect, test } from 'vitest';

import { samequestion } from './cli/samequestion.ts';

interface Finding {
  readonly name: string;
  readonly works: boolean;
  readonly found: string;
  readonly enable?: string;
}

describe('samequestion doctor', () => {
  test('tries every engine and package, and says how to enable what does not work', async () => {
    const { code, stdout, stderr } = await samequestion(['doctor', '--json']);
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as Record<string, Finding[]>;
    expect(Object.keys(report)).toEqual(['machine', 'engines', 'optional packages']);
    const findings = Object.values(report).flat();
    const byName = new Map(findings.map((finding) => [finding.name, finding]));
    expect(byName.get('Node')).toMatchObject({ works: true, found: expect.stringContaining(process.version) as string });
    expect(byName.get('--engine onnx-cpu')).toMatchObject({ works: true, found: expect.stringMatching(/GFLOP\/s/u) as string });
    for (const name of [
      '--engine onnx-webgpu',
      '--engine tfjs: @tensorflow/tfjs-node',
      '--engine tfjs: @tensorflow/tfjs-node-gpu',
      'nodejieba',
    ])
      expect(byName.has(name)).toBe(true);
    expect(findings.filter(({ works, enable }) => !works && (enable ?? '') === '')).toEqual([]);
    for (const { name } of findings) expect(stderr).toContain(name);
  });
});
