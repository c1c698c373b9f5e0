import { readFile, readdir } from 'node:fs/promises';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** A server that answers as the Hugging Face Hub does for one model. */
export interface HubServer {
  readonly url: string;
  close(): Promise<void>;
}

const revision = 'a'.repeat(40);

/** Serves a folder as the model `owner/name`. */
export async function serveHub(folder: string, model: string): Promise<HubServer> {
  const server: Server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    void answer(pathname).then(
      ({ status = 200, body }) => {
        const [, last] = /^bytes=0-(\d+)$/u.exec(request.headers.range ?? '') ?? [];
        const part = last === undefined ? body : body.subarray(0, Number(last) + 1);
        response.writeHead(last === undefined || status !== 200 ? status : 206, {
          'content-type': 'application/octet-stream',
          'content-length': part.length,
          etag: '"1"',
          'content-range': `bytes 0-${part.length - 1}/${body.length}`,
        });
        response.end(part);
      },
      () => response.writeHead(500).end(),
    );
  });
  const answer = async (pathname: string): Promise<{ readonly status?: number; readonly body: Buffer }> => {
    if (pathname.startsWith(`/api/models/${model}/revision/`)) {
      const siblings = (await readdir(folder)).map((rfilename) => ({ rfilename }));
      return { body: Buffer.from(JSON.stringify({ _id: '1', id: model, sha: revision, siblings, lastModified: '2026-01-01T00:00:00Z' })) };
    }
    const file = pathname.startsWith(`/${model}/resolve/${revision}/`) ? pathname.split('/').at(-1) : undefined;
    return file === undefined ? { status: 404, body: Buffer.from('{"error":"Not Found"}') } : { body: await readFile(join(folder, file)) };
  };
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
