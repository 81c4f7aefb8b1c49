import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { type Client, connect } from '../../src/api/client.js';
import { listenOnSocket } from '../../src/api/listening-socket.js';
import { createServer } from '../../src/api/server.js';
import { type FakeServices, fakeServices } from './fake-services.js';

/** The real server on a real unix socket in a directory of its own. */
export interface Serving {
  readonly services: FakeServices;
  readonly app: FastifyInstance;
  readonly client: Client;
  readonly socket: string;
  stop(): Promise<void>;
}

/** `path`: on the socket of another one that has stopped. */
export async function startServing(path?: string): Promise<Serving> {
  const directory = mkdtempSync(join(tmpdir(), 'vmc-api-'));
  const socket = path ?? join(directory, 'run', 'vmcd.sock');
  const services = fakeServices();
  const app = await createServer(services);
  await listenOnSocket(app.server, socket);
  const client = connect({ socket });
  return {
    services,
    app,
    client,
    socket,
    stop: async () => {
      client.close();
      await app.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
