import type { Context } from '../context.ts';
import { describeEngines } from '../doctor/engines.ts';
import type { Finding } from '../doctor/finding.ts';
import { describeMachine } from '../doctor/machine.ts';
import { describePackages } from '../doctor/packages.ts';

/** `samequestion doctor`: what this machine can do, and how to enable the rest. */
export async function doctor(_options: Record<string, unknown>, context: Context): Promise<unknown> {
  const parts = [
    ['machine', async () => describeMachine()],
    ['engines', describeEngines],
    ['optional packages', describePackages],
  ] as const;
  const report: Record<string, readonly Finding[]> = {};
  for (const [title, describe] of parts) {
    context.say(title);
    const findings = await describe();
    for (const { name, works, found, enable } of findings) {
      context.say(`  ${works ? '✓' : '–'} ${name}: ${found}`);
      if (enable !== undefined) context.say(`      ${enable}`);
    }
    report[title] = findings;
  }
  return report;
}
