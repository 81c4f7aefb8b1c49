import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { ProblemError } from '../problem.js';
import { answers } from '../schema-reference.js';
import type { DaemonServices } from '../services.js';

const Alive = Type.Object({ status: Type.Literal('ok'), pid: Type.Integer() });

/** /healthz: the process answers. /readyz: it has looked at the host and keeps the plan. */
export function probeRoutes(app: FastifyInstance, services: Pick<DaemonServices, 'status'>): void {
  const alive = () => ({ status: 'ok', pid: process.pid });
  app.get('/healthz', { schema: { summary: 'Alive', response: answers(Alive) } }, async () => alive());
  app.get('/readyz', { schema: { summary: 'Ready', response: answers(Alive) } }, async () => {
    const state = services.status()?.state;
    if (state !== 'running') throw new ProblemError('not-ready', 'the plan is not in force yet');
    return alive();
  });
}
