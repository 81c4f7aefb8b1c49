import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ClientCounts } from './client-counts.js';
import { clientOf } from './http-client-identity.js';
import { HTTP_LIMITS } from './http-limits.js';
import type { HttpTraffic } from './http-traffic.js';
import { ProblemError } from './problem.js';

const TOO_MANY = `one client has at most ${HTTP_LIMITS.streamsOfOne} streams open, all together ${HTTP_LIMITS.mostStreams}`;

/** A comment so often keeps proxies and readers from giving up. */
export const HEARTBEAT_MS = 15_000;

/** The streams of server-sent events of one server: so many of one client, so many of all. They end when the server closes. */
export class OpenStreams {
  readonly #counts = new ClientCounts(HTTP_LIMITS.streamsOfOne, HTTP_LIMITS.mostStreams);
  readonly #open = new Set<ServerResponse>();
  readonly #traffic: HttpTraffic;

  constructor(app: FastifyInstance, traffic: HttpTraffic) {
    this.#traffic = traffic;
    app.addHook('preClose', async () => {
      for (const response of this.#open) response.end();
    });
  }

  /** Begins a stream as the answer to a request; its headers are on their way. Throws a ProblemError where there are too many. */
  open({ raw }: FastifyRequest, reply: FastifyReply): ServerResponse {
    const giveBack = this.#counts.take(clientOf(raw.socket).key);
    if (giveBack === null) {
      this.#traffic.refused('streams');
      throw new ProblemError('too-many-requests', TOO_MANY, { headers: { 'retry-after': '5' } });
    }
    reply.hijack();
    const response = reply.raw;
    this.#open.add(response);
    this.#traffic.openStreams += 1;
    response.once('close', () => {
      giveBack();
      this.#open.delete(response);
      this.#traffic.openStreams -= 1;
    });
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.flushHeaders();
    return response;
  }
}
