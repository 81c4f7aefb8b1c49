import type { FastifyRequest, onRequestAsyncHookHandler } from 'fastify';
import { isOwner } from '../owner.js';
import { ProblemError } from '../problem.js';

/** The option of a route that changes something: whoever is no owner is refused before anything of a body is read. */
export const ownerOnly = (
  owners: ReadonlySet<number>,
): { readonly onRequest: onRequestAsyncHookHandler } => ({
  onRequest: async ({ raw }: FastifyRequest) => {
    if (isOwner(raw.socket, owners)) return;
    throw new ProblemError(
      'forbidden',
      'only root, the user that the daemon runs as, and the owner of its socket may change something',
    );
  },
});
