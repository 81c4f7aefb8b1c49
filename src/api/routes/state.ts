import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { PlanSchema } from '../../compiler/plan-schema.js';
import { GuestStatusSchema, type Status, StatusSchema } from '../../enforce/status.js';
import { ProblemError } from '../problem.js';
import { answers, reference } from '../schema-reference.js';
import type { DaemonServices } from '../services.js';

/** What the enforcer keeps, and of whom: /v1/status, /v1/guests, /v1/guests/{id}, /v1/plan. */
export function stateRoutes(app: FastifyInstance, services: DaemonServices): void {
  const current = (): Status => {
    const status = services.status();
    if (!status) throw new ProblemError('not-ready', 'the host has not been looked at yet');
    return status;
  };

  app.get(
    '/v1/status',
    { schema: { summary: 'Mode, conditions, guests, findings', response: answers(reference(StatusSchema)) } },
    async () => current(),
  );
  app.get(
    '/v1/guests',
    { schema: { summary: 'The running guests', response: answers(Type.Array(GuestStatusSchema)) } },
    async () => current().guests,
  );
  app.get<{ Params: { id: string } }>(
    '/v1/guests/:id',
    {
      schema: {
        summary: 'One guest, by its key, pid or name',
        params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 256 }) }),
        response: answers(GuestStatusSchema),
      },
    },
    async ({ params: { id } }) => findGuest(current(), id),
  );
  app.get(
    '/v1/plan',
    { schema: { summary: 'The plan in force', response: answers(reference(PlanSchema)) } },
    async () => services.plan(),
  );
}

/** Keys are unique, names need not be: the first in the order of the status is the answer. */
function findGuest({ guests }: Status, id: string) {
  const guest =
    guests.find(({ key }) => key === id) ??
    guests.find(({ pid }) => String(pid) === id) ??
    guests.find(({ name }) => name === id);
  if (!guest) throw new ProblemError('not-found', `no guest has the key, pid or name ${id}`);
  return guest;
}
