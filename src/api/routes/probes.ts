import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { formatDuration } from '../../support/duration.js';
import { ProblemError } from '../problem.js';
import { answers } from '../schema-reference.js';
import type { DaemonServices } from '../services.js';

const Alive = Type.Object({ status: Type.Literal('ok'), pid: Type.Integer() });

/** Steps are a second apart; one that takes longer than this is stuck. */
const LONGEST_STEP_NS = 10e9;

/** /healthz: the enforcer makes its steps. /readyz: it has looked at the host and keeps the plan. */
export function probeRoutes(
  app: FastifyInstance,
  services: Pick<DaemonServices, 'status' | 'telemetry'>,
): void {
  const alive = () => ({ status: 'ok', pid: process.pid });
  app.get('/healthz', { schema: { summary: 'Alive', response: answers(Alive) } }, async () => {
    const { ageNs } = services.telemetry().steps;
    if (ageNs === null || ageNs <= LONGEST_STEP_NS) return alive();
    throw new ProblemError(
      'stalled',
      `the last step ended ${formatDuration(Math.round(ageNs / 1e6) * 1e6)} ago`,
    );
  });
  app.get('/readyz', { schema: { summary: 'Ready', response: answers(Alive) } }, async () => {
    const state = services.status()?.state;
    if (state !== 'running') throw new ProblemError('not-ready', 'the plan is not in force yet');
    return alive();
  });
}
