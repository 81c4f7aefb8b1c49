import type { FastifyInstance } from 'fastify';

/**
 * Ends a connection whose request was answered (refused, mostly) before all of its body had come: Node would read the rest,
 * however much it is, to find the next request behind it. The answer goes out first.
 */
export function dropUnreadBodies(app: FastifyInstance): void {
  app.addHook('onResponse', async ({ raw }) => {
    if (!raw.complete) raw.socket.destroySoon();
  });
}
