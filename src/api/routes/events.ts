import type { ServerResponse } from 'node:http';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { type EnforcerEvent, EventSchema } from '../../enforce/status.js';
import { ClientCounts } from '../client-counts.js';
import { clientOf } from '../http-client-identity.js';
import { HTTP_LIMITS } from '../http-limits.js';
import type { HttpTraffic } from '../http-traffic.js';
import { ProblemError } from '../problem.js';
import { componentName } from '../schema-reference.js';
import type { DaemonServices } from '../services.js';

/** A comment so often keeps proxies and readers from giving up. */
const HEARTBEAT_MS = 15_000;
/** A reader that lets so much pile up is cut off; it comes back with Last-Event-ID. */
const MOST_UNREAD_BYTES = 1024 * 1024;

const TOO_MANY = `one client has at most ${HTTP_LIMITS.streamsOfOne} streams open, all together ${HTTP_LIMITS.mostStreams}`;

/** GET /v1/events: server-sent events, from a sequence number on (`?after=`, or Last-Event-ID as browsers send it). */
export function eventRoutes(
  app: FastifyInstance,
  { events }: Pick<DaemonServices, 'events'>,
  traffic: HttpTraffic,
): void {
  const streams = new ClientCounts(HTTP_LIMITS.streamsOfOne, HTTP_LIMITS.mostStreams);
  const open = new Set<ServerResponse>();
  app.addHook('preClose', async () => {
    for (const response of open) response.end();
  });
  app.get<{ Querystring: { after?: number }; Headers: { 'last-event-id'?: string } }>(
    '/v1/events',
    {
      schema: {
        summary: 'What happens, as it happens (text/event-stream); each event is numbered without gaps',
        querystring: Type.Object({
          after: Type.Optional(
            Type.Integer({ minimum: 0, description: 'Only events with a greater number.' }),
          ),
        }),
        response: {
          200: {
            description: 'Events of one line of data each.',
            content: { 'text/event-stream': { schema: { $ref: `${componentName(EventSchema)}#` } } },
          },
        },
      },
    },
    (request, reply) => {
      const resumed = Number(request.headers['last-event-id']);
      const after = request.query.after ?? (Number.isSafeInteger(resumed) && resumed > 0 ? resumed : 0);
      const giveBack = streams.take(clientOf(request.raw.socket).key);
      if (giveBack === null) {
        traffic.refused('streams');
        throw new ProblemError('too-many-requests', TOO_MANY, { headers: { 'retry-after': '5' } });
      }
      reply.hijack();
      reply.raw.once('close', giveBack);
      stream(reply.raw, after);
    },
  );

  function stream(response: ServerResponse, after: number): void {
    // Nothing moves for minutes where nothing happens: whether the reader is there is for the heartbeat to find out.
    response.socket?.setTimeout(0);
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.flushHeaders();
    const write = (text: string) => {
      if (response.writableLength > MOST_UNREAD_BYTES) response.destroy();
      else response.write(text);
    };
    const send = (event: EnforcerEvent) =>
      write(`id: ${event.sequence}\nevent: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`);
    for (const event of eventsAfter(after)) send(event);
    const unsubscribe = events.subscribe(send);
    const heartbeat = setInterval(() => write(':\n\n'), HEARTBEAT_MS).unref();
    open.add(response);
    traffic.openStreams += 1;
    response.once('close', () => {
      clearInterval(heartbeat);
      unsubscribe();
      open.delete(response);
      traffic.openStreams -= 1;
    });
  }

  /** Whoever has read more than there is has read it of an earlier daemon: all is new to him. */
  function eventsAfter(after: number): readonly EnforcerEvent[] {
    const kept = events.since(0);
    const newest = kept.at(-1)?.sequence ?? 0;
    return after > newest ? kept : kept.filter(({ sequence }) => sequence > after);
  }
}
