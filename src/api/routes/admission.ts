import { type Static, Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { AdmissionSchema } from '../admission-schema.js';
import { answers, reference } from '../schema-reference.js';
import type { DaemonServices } from '../services.js';

const MOST_CHARACTERS = 32 * 1024;

/** It compiles: as much work as so many other requests. */
const COST = 40;

const Body = Type.Object(
  {
    request: Type.String({
      minLength: 1,
      maxLength: MOST_CHARACTERS,
      description: 'A class with what it is to be reserved or guaranteed, or one offer, in the language.',
    }),
  },
  { additionalProperties: false },
);

/** POST /v1/admit: would this fit beside everything that is promised? It changes nothing. */
export function admissionRoutes(app: FastifyInstance, services: DaemonServices): void {
  app.post<{ Body: Static<typeof Body> }>(
    '/v1/admit',
    {
      config: { cost: COST },
      schema: {
        summary: 'Whether a request would fit, or else what would',
        body: Body,
        response: answers(reference(AdmissionSchema)),
      },
    },
    async ({ body }) => services.admit(body.request),
  );
}
