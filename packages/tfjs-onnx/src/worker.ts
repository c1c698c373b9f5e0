// The thread in which ONNX Runtime runs: `run()` blocks the thread that calls it, and the state lives here.
import { parentPort } from 'node:worker_threads';
import { CpuProgram } from './cpu-program.ts';
import { GpuProgram } from './gpu-program.ts';
import type { Envelope, Reply, Request } from './messages.ts';

const programs = new Map<number, CpuProgram | GpuProgram>();

const programOf = (id: number): CpuProgram | GpuProgram => {
  const program = programs.get(id);
  if (program === undefined) throw new Error('program: expected one that is in use, got one that was disposed.');
  return program;
};

type Answer = Omit<Extract<Reply, { readonly nodes: unknown }>, 'id'>;

const NOTHING: Answer = { values: {}, nodes: [], traffic: { toDevice: 0, toHost: 0 } };

const answer = async (request: Request): Promise<Answer> => {
  switch (request.kind) {
    case 'compile': {
      const { plan, settings } = request;
      programs.set(request.program, await (settings.provider === 'cpu' ? CpuProgram : GpuProgram).create(plan, settings));
      return NOTHING;
    }
    case 'load':
      await programOf(request.program).load(request.state);
      return NOTHING;
    case 'run':
      return { ...NOTHING, values: await programOf(request.program).run(request.batch, request.sizes) };
    case 'read':
      return { ...NOTHING, values: await programOf(request.program).read(request.names) };
    case 'explain':
      return { ...NOTHING, nodes: await programOf(request.program).explain(request.batch, request.sizes) };
    case 'traffic':
      return { ...NOTHING, traffic: programOf(request.program).traffic };
    case 'dispose':
      await programs.get(request.program)?.dispose();
      programs.delete(request.program);
      return NOTHING;
    case 'close':
      for (const program of programs.values()) await program.dispose();
      programs.clear();
      return NOTHING;
  }
};

let queue: Promise<void> = Promise.resolve();

parentPort?.on('message', ({ id, request }: Envelope) => {
  queue = queue.then(async () => {
    let reply: Reply;
    try {
      reply = { id, ...(await answer(request)) };
    } catch (error) {
      reply = { id, error: error instanceof Error ? error.message : String(error) };
    }
    parentPort?.postMessage(reply, []);
  });
});
