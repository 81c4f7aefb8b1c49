import { type Static, Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { nearest } from '../../lang/did-you-mean.js';
import { parseDuration } from '../../support/duration.js';
import { ProblemError } from '../problem.js';
import { RunningTimeOutcomeSchema, RunningTimeSchema } from '../running-time-schema.js';
import { answers, reference } from '../schema-reference.js';
import type { DaemonServices } from '../services.js';
import { ownerOnly } from './owner-only.js';
import { DurationText, LEVEL_FORM, LevelText, parseLevel } from './parameters.js';

/** A model is fitted for each. */
const COST = 4;

const Question = Type.Object(
  {
    work: { ...DurationText, description: 'CPU time that is needed, of one processor.' },
    class: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 256,
        description:
          'Of the plan: the work is one virtual CPU’s of a guest of it (`others`: of no class). Absent: an ordinary process of the owner’s.',
      }),
    ),
    level: { ...LevelText, default: '95%', description: 'Of the two-sided limits.' },
  },
  { additionalProperties: false },
);
type Question = Omit<Static<typeof Question>, 'work' | 'level'> & {
  readonly work: string;
  readonly level: string;
};

const Outcome = Type.Object(
  { took: { ...DurationText, description: 'Wall-clock time from the beginning of the work to its end.' } },
  { additionalProperties: false },
);

type Services = Pick<DaemonServices, 'runningTimes' | 'plan'>;

/** POST /v1/running-time: when would this work be done? */
export function runningTimeRoutes(app: FastifyInstance, { runningTimes, plan }: Services): void {
  app.post<{ Body: Question }>(
    '/v1/running-time',
    {
      config: { cost: COST },
      schema: {
        summary: 'When work will be done, beside the load that is forecast and under the plan in force',
        body: Question,
        response: answers(reference(RunningTimeSchema)),
      },
    },
    async ({ body }) => {
      const level = parseLevel(body.level);
      if (level === null) throw new ProblemError('bad-request', `level must be ${LEVEL_FORM}`);
      const workNs = aboveZero('work', body.work);
      const name = body.class ?? null;
      const answer = runningTimes.ask({ workNs, class: name, level });
      if (answer === 'unknown-class') {
        const known = [...plan().classes.map((one) => one.name), 'others'];
        const meant = nearest(name ?? '', known);
        const hint = meant ? `did you mean ${meant}?` : `it has ${known.join(', ')}`;
        throw new ProblemError('not-found', `the policy has no class ${name}; ${hint}`);
      }
      if (answer === 'no-load')
        throw new ProblemError(
          'not-ready',
          'the load of this host is not known: no sample of it, or it is lost',
        );
      return answer;
    },
  );
}

/** POST /v1/running-time/{id}/outcome, for the owner: intervals learn from it. */
export function runningTimeOutcomeRoute(
  app: FastifyInstance,
  { runningTimes }: Services,
  owners: ReadonlySet<number>,
): void {
  app.post<{ Params: { id: string }; Body: { took: string } }>(
    '/v1/running-time/:id/outcome',
    {
      ...ownerOnly(owners),
      schema: {
        summary: 'How long work took that was asked about: intervals are calibrated with it',
        params: Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }),
        body: Outcome,
        response: answers(RunningTimeOutcomeSchema),
      },
    },
    async ({ params: { id }, body }) => {
      const outcome = runningTimes.tell(id, aboveZero('took', body.took));
      if (outcome !== null) return outcome;
      const detail = `no answer ${id} waits for its outcome: it was told, or asked of a daemon that has ended`;
      throw new ProblemError('not-found', detail);
    },
  );
}

function aboveZero(what: string, text: string): number {
  const ns = Number(parseDuration(text) ?? 0n);
  if (ns > 0) return ns;
  throw new ProblemError('bad-request', `${what} must be a time above 0, at least 1ns, such as 30s`);
}
