import type { FastifyInstance } from 'fastify';

/**
 * Ends a connection whose request was answered (refused, mostly) before all of its body had come: Node would read the rest,
 * however much it is, to find the next request behind it. The answer goes out first, and says so.
 */
export function dropUnreadBodies(app: FastifyInstance): void {
  app.addHook('onSend', async ({ raw }, reply) => {
    if (!raw.complete) reply.header('connection', 'close');
  });
  app.addHook('onResponse', async ({ raw }) => {
    if (!raw.complete) raw.socket.destroySoon();
  });
}
