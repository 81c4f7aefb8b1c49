import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { FLOW_BYTES } from '../flows/flow.js';
import { answers } from '../schema-reference.js';

const Query = Type.Object({
  bytes: Type.Integer({
    minimum: FLOW_BYTES.least,
    maximum: FLOW_BYTES.most,
    default: FLOW_BYTES.least,
    description: 'How many.',
  }),
});

/** Megabytes are work: as much as so many other requests. */
const COST = 10;

/** GET /v1/flow?bytes=: so many bytes that nothing can compress, for another daemon that measures the way here. */
export function flowRoute(app: FastifyInstance): void {
  app.get<{ Querystring: { bytes: number } }>(
    '/v1/flow',
    {
      config: { cost: COST },
      schema: {
        summary: 'Bytes for another daemon that measures the bandwidth between the two',
        querystring: Query,
        response: {
          ...answers(Type.Null()),
          200: {
            description: 'Random bytes.',
            content: { 'application/octet-stream': { schema: Type.String() } },
          },
        },
      },
    },
    async ({ query: { bytes } }, reply) =>
      reply
        .type('application/octet-stream')
        .header('content-length', bytes)
        .send(Readable.from(blocksOf(bytes), { objectMode: false })),
  );
}

let noise: Buffer | null = null;

function* blocksOf(bytes: number): Generator<Buffer> {
  noise ??= randomBytes(FLOW_BYTES.least);
  for (let left = bytes; left > 0; left -= noise.length)
    yield left >= noise.length ? noise : noise.subarray(0, left);
}
