import type { ServerResponse } from 'node:http';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { type EnforcerEvent, EventSchema } from '../../enforce/status.js';
import { componentName } from '../schema-reference.js';
import type { DaemonServices } from '../services.js';

/** A comment so often keeps proxies and readers from giving up. */
const HEARTBEAT_MS = 15_000;
/** A reader that lets so much pile up is cut off; it comes back with Last-Event-ID. */
const MOST_UNREAD_BYTES = 1024 * 1024;

/** GET /v1/events: server-sent events, from a sequence number on (`?after=`, or Last-Event-ID as browsers send it). */
export function eventRoutes(app: FastifyInstance, { events }: Pick<DaemonServices, 'events'>): void {
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
      reply.hijack();
      stream(reply.raw, after);
    },
  );

  function stream(response: ServerResponse, after: number): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.flushHeaders();
    const send = (event: EnforcerEvent) => {
      if (response.writableLength > MOST_UNREAD_BYTES) response.destroy();
      else response.write(`id: ${event.sequence}\nevent: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`);
    };
    for (const event of events.since(after)) send(event);
    const unsubscribe = events.subscribe(send);
    const heartbeat = setInterval(() => response.write(':\n\n'), HEARTBEAT_MS).unref();
    open.add(response);
    response.once('close', () => {
      clearInterval(heartbeat);
      unsubscribe();
      open.delete(response);
    });
  }
}
