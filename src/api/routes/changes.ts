import { Type } from '@sinclair/typebox';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parseDuration } from '../../support/duration.js';
import { isOwner } from '../owner.js';
import { ProblemError } from '../problem.js';
import { answers } from '../schema-reference.js';
import type { DaemonServices } from '../services.js';
import { DurationText } from './parameters.js';

const Done = Type.Object({ done: Type.Literal(true) });

const SwitchBody = Type.Object(
  {
    value: Type.Boolean({ description: 'on or off' }),
    for: Type.Optional({ ...DurationText, description: 'Back to off after so long; default: stays.' }),
  },
  { additionalProperties: false },
);

const ownerOnly = {
  preValidation: async ({ raw }: FastifyRequest) => {
    if (isOwner(raw.socket)) return;
    throw new ProblemError(
      'forbidden',
      'only root and the user that the daemon runs as may change something',
    );
  },
};

/** What changes something, for the owner alone: PUT /v1/signals/{name}, POST /v1/release. */
export function changeRoutes(app: FastifyInstance, services: DaemonServices): void {
  app.put<{ Params: { name: string }; Body: { value: boolean; for?: string } }>(
    '/v1/signals/:name',
    {
      ...ownerOnly,
      schema: {
        summary: 'Flip a switch of the policy',
        params: Type.Object({ name: Type.String({ minLength: 1, maxLength: 256 }) }),
        body: SwitchBody,
        response: answers(Done),
      },
    },
    async ({ params: { name }, body }) => {
      const forNs = body.for === undefined ? null : parseDuration(body.for);
      if (!services.setSwitch(name, body.value, forNs)) {
        throw new ProblemError('not-found', `the policy has no switch ${name}`);
      }
      return { done: true };
    },
  );
  app.post(
    '/v1/release',
    { ...ownerOnly, schema: { summary: 'Give everything back and end', response: answers(Done) } },
    async () => {
      await services.release();
      return { done: true };
    },
  );
}
