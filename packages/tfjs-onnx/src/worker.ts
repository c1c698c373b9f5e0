// The thread in which ONNX Runtime runs: `run()` blocks the thread that calls it, and the state lives here.
import { parentPort } from 'node:worker_threads';
import { CpuProgram } from './cpu-program.ts';
import { GpuProgram } from './gpu-program.ts';
import type { Envelope, NamedValues, Reply, Request } from './messages.ts';

const programs = new Map<number, CpuProgram | GpuProgram>();

const programOf = (id: number): CpuProgram | GpuProgram => {
  const program = programs.get(id);
  if (program === undefined) throw new Error('program: expected one that is in use, got one that was disposed.');
  return program;
};

const answer = async (request: Request): Promise<NamedValues> => {
  switch (request.kind) {
    case 'compile':
      programs.set(
        request.program,
        await (request.settings.provider === 'cpu' ? CpuProgram : GpuProgram).create(request.plan, request.settings),
      );
      return {};
    case 'load':
      await programOf(request.program).load(request.state);
      return {};
    case 'run':
      return programOf(request.program).run(request.batch, request.sizes);
    case 'read':
      return programOf(request.program).read(request.names);
    case 'dispose':
      await programs.get(request.program)?.dispose();
      programs.delete(request.program);
      return {};
  }
};

let queue: Promise<void> = Promise.resolve();

parentPort?.on('message', ({ id, request }: Envelope) => {
  queue = queue.then(async () => {
    let reply: Reply;
    try {
      reply = { id, values: await answer(request) };
    } catch (error) {
      reply = { id, error: error instanceof Error ? error.message : String(error) };
    }
    parentPort?.postMessage(reply, []);
  });
});
