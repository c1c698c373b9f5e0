import { readBytes, readTestFile, validateSubmission } from '@samequestion/submission';

import type { Context } from '../context.ts';
import { requireFile } from '../run-folder.ts';
import { FailedCheckError } from '../usage-error.ts';

interface ValidateOptions {
  readonly input: string;
  readonly sampleSubmission: string;
  readonly test?: string;
}

const shown = 50;

/** `samequestion validate`: a submission against the sample and the test file. @throws {FailedCheckError} If it deviates. */
export async function validate(given: Record<string, unknown>, context: Context): Promise<unknown> {
  const { input, sampleSubmission, test } = given as unknown as ValidateOptions;
  const bytes = await readBytes('validate', await requireFile('--input', input));
  const sample = await readBytes('validate', await requireFile('--sample-submission', sampleSubmission));
  const qids = test === undefined ? {} : { qids: (await readTestFile(await requireFile('--test', test))).map(({ qid }) => qid) };
  const found = validateSubmission(bytes, { sample, ...qids });
  for (const { message } of found.deviations.slice(0, shown)) context.say(`${input}: ${message}`);
  if (found.deviations.length > shown) context.say(`… and ${found.deviations.length - shown} more (--json lists all)`);
  context.say(
    `${found.bytes.toLocaleString('en')} bytes, ${found.positives.toLocaleString('en')} answers 1, ${found.negatives.toLocaleString('en')} answers 0`,
  );
  context.say(`SHA-256 ${found.sha256}`);
  const result = { file: input, ...found };
  if (found.valid) {
    context.say('valid');
    return result;
  }
  const [first] = found.deviations;
  const places = found.deviations.length === 1 ? '1 deviation' : `${found.deviations.length} deviations`;
  throw new FailedCheckError(
    `validate: expected a submission like ${sampleSubmission}, got ${places} (${input}, ${first?.message ?? ''})`,
    result,
  );
}
