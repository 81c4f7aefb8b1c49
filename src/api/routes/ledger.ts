import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { GROUPINGS, type Grouping } from '../../enforce/ledger/groupings.js';
import { ConformanceSchema, LedgerSchema } from '../../enforce/ledger/ledger-schema.js';
import { ProblemError } from '../problem.js';
import { answers, reference } from '../schema-reference.js';
import type { DaemonServices } from '../services.js';
import { whatIsKnown } from './what-is-known.js';

const instant = (description: string) => Type.Optional(Type.Number({ minimum: 0, description }));
const times = {
  from: instant('Wall-clock instant, ms; default: all that is kept.'),
  to: instant('Wall-clock instant, ms; default: now.'),
};

interface Times {
  readonly from?: number;
  readonly to?: number;
}

/** GET /v1/ledger, /v1/ledger/conformance: what was used, and what was promised against what was delivered. */
export function ledgerRoutes(app: FastifyInstance, services: DaemonServices): void {
  const timeOf = ({ from, to }: Times) => {
    if (from !== undefined && to !== undefined && from >= to) {
      throw new ProblemError('bad-request', 'from must be before to');
    }
    return { fromMs: from ?? null, toMs: to ?? null, zone: services.plan().host.timezone };
  };

  app.get<{ Querystring: Times & { by: Grouping } }>(
    '/v1/ledger',
    {
      schema: {
        summary: 'What guests used and were promised over a time',
        querystring: Type.Object({
          ...times,
          by: Type.Union(
            GROUPINGS.map((one) => Type.Literal(one)),
            { default: 'class' },
          ),
        }),
        response: answers(reference(LedgerSchema)),
      },
    },
    async ({ query }) =>
      asked(services, (ledger) => ledger.ask({ kind: 'use', by: query.by, ...timeOf(query) })),
  );
  app.get<{ Querystring: Times }>(
    '/v1/ledger/conformance',
    {
      schema: {
        summary: 'Promised against delivered over a time, with what was missed and why',
        querystring: Type.Object(times),
        response: answers(reference(ConformanceSchema)),
      },
    },
    async ({ query }) => asked(services, (ledger) => ledger.ask({ kind: 'conformance', ...timeOf(query) })),
  );
}

/** Throws a problem where there is no ledger, or it cannot be read now. */
async function asked<T>(
  { ledger }: Pick<DaemonServices, 'ledger'>,
  ask: (ledger: NonNullable<DaemonServices['ledger']>) => Promise<T>,
): Promise<T> {
  if (ledger === null) throw new ProblemError('not-found', 'this daemon keeps no ledger');
  return whatIsKnown(ask(ledger));
}
