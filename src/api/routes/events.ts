import type { ServerResponse } from 'node:http';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { type EnforcerEvent, EventSchema } from '../../enforce/status.js';
import { HEARTBEAT_MS, type OpenStreams } from '../open-streams.js';
import { componentName } from '../schema-reference.js';
import type { DaemonServices } from '../services.js';

/** A reader that lets so much pile up is cut off; it comes back with Last-Event-ID. */
const MOST_UNREAD_BYTES = 1024 * 1024;

/** So many are read from disk at once. */
const PAGE = 1000;

interface Wanted {
  readonly after?: number;
  readonly since?: number;
  readonly follow: boolean;
}

/** GET /v1/events: server-sent events, from a sequence number on (`?after=`, or Last-Event-ID as browsers send it). */
export function eventRoutes(
  app: FastifyInstance,
  services: Pick<DaemonServices, 'events' | 'ledger'>,
  streams: OpenStreams,
): void {
  const { events } = services;
  app.get<{ Querystring: Wanted; Headers: { 'last-event-id'?: string } }>(
    '/v1/events',
    {
      // It would be a stream of nothing.
      exposeHeadRoute: false,
      schema: {
        summary: 'What happens, as it happens (text/event-stream); each event is numbered without gaps',
        querystring: Type.Object({
          after: Type.Optional(
            Type.Integer({ minimum: 0, description: 'Only events with a greater number.' }),
          ),
          since: Type.Optional(
            Type.Number({ minimum: 0, description: 'Only events from this wall-clock instant on, ms.' }),
          ),
          follow: Type.Boolean({
            default: true,
            description: 'false: the stream ends with what has happened.',
          }),
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
      void stream(streams.open(request, reply), { ...request.query, after });
    },
  );

  async function stream(
    response: ServerResponse,
    wanted: Wanted & { readonly after: number },
  ): Promise<void> {
    // Nothing moves for minutes where nothing happens: whether the reader is there is for the heartbeat to find out.
    response.socket?.setTimeout(0);
    const write = (text: string) => {
      if (response.writableEnded) return;
      if (response.writableLength > MOST_UNREAD_BYTES) response.destroy();
      else response.write(text);
    };
    const send = (event: EnforcerEvent) =>
      write(`id: ${event.sequence}\nevent: ${event.kind}\ndata: ${JSON.stringify(event)}\n\n`);
    const { since: sinceMs = 0, follow } = wanted;
    const last = await sendPast(wanted, send);
    if (response.destroyed || response.writableEnded) return;
    for (const event of events.since(last)) if (event.atMs >= sinceMs) send(event);
    if (!follow) {
      response.end();
      return;
    }
    const unsubscribe = events.subscribe(send);
    const heartbeat = setInterval(() => write(':\n\n'), HEARTBEAT_MS).unref();
    response.once('close', () => {
      clearInterval(heartbeat);
      unsubscribe();
    });
  }

  /**
   * Sends what is on disk and not in memory any more; answers the number of the last one. Whoever has read more than there is has
   * read it of a daemon that kept it elsewhere: all is new to him.
   */
  async function sendPast(
    { after, since: sinceMs = 0 }: Wanted & { readonly after: number },
    send: (event: EnforcerEvent) => void,
  ): Promise<number> {
    let last = after > (events.since().at(-1)?.sequence ?? 0) ? 0 : after;
    const { ledger } = services;
    try {
      while (ledger !== null && last + 1 < (events.since(last)[0]?.sequence ?? 0)) {
        const page = await ledger.ask({ kind: 'events', after: last, sinceMs, most: PAGE });
        const remembered = events.since()[0]?.sequence ?? 0;
        const past = page.filter(({ sequence }) => sequence < remembered);
        for (const event of past) send(event);
        last = past.at(-1)?.sequence ?? last;
        if (past.length < PAGE) break;
      }
    } catch (error) {
      // What is in memory follows; that there was more the numbers tell.
      app.log.warn(error, 'past events could not be read');
    }
    return last;
  }
}
