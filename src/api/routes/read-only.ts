import type { FastifyInstance } from 'fastify';
import { ProblemError } from '../problem.js';

/** What changes something on the unix socket. */
const CHANGES = [
  ['PUT', '/v1/policy'],
  ['POST', '/v1/reload'],
  ['POST', '/v1/release'],
  ['PUT', '/v1/signals/:name'],
  ['POST', '/v1/running-time/:id/outcome'],
] as const;

/** Over TCP the routes that change something say so, rather than being missing. */
export function readOnlyRoutes(app: FastifyInstance): void {
  for (const [method, url] of CHANGES) {
    app.route({
      method,
      url,
      schema: { hide: true },
      onRequest: async () => {
        throw new ProblemError('read-only', 'ask on the unix socket, as the owner');
      },
      handler: async () => {},
    });
  }
}
