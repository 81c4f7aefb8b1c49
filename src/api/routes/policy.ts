import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { PlanSchema } from '../../compiler/plan-schema.js';
import { isInfeasible } from '../../lang/is-infeasible.js';
import { DiagnosticSchema } from '../diagnostics-schema.js';
import { HTTP_LIMITS } from '../http-limits.js';
import { ProblemError } from '../problem.js';
import { answers } from '../schema-reference.js';
import type { DaemonServices, PolicyOutcome } from '../services.js';
import { ownerOnly } from './owner-only.js';

const Taken = Type.Object(
  {
    policy: Type.Object({ name: Type.String(), digest: Type.String() }),
    diagnostics: Type.Array(DiagnosticSchema, { description: 'Warnings and advice.' }),
  },
  { description: 'It is in force.' },
);

const Query = Type.Object({
  keep: Type.Boolean({
    default: false,
    description:
      'Write it into the file that the daemon runs from, too; else that file is in force again after a restart, a reload, or a change of it.',
  }),
});

/** What may be put: the text of a policy, or a plan. Both are texts here, read as strictly as files are. */
const content = {
  'text/plain': {
    schema: Type.String({ minLength: 1, description: 'A policy; imports are those of the daemon’s file.' }),
  },
  'application/json': { schema: { title: PlanSchema.title, description: 'A plan: plan.schema.json.' } },
};

/** PUT /v1/policy, POST /v1/reload: another policy in the place of the one in force, atomically or not at all. */
export function policyRoutes(
  app: FastifyInstance,
  services: Pick<DaemonServices, 'replacePolicy' | 'reload'>,
  owners: ReadonlySet<number>,
): void {
  app.register(async (scope) => {
    scope.addContentTypeParser(
      'application/json',
      { parseAs: 'string' },
      (_request: unknown, body: unknown, done: (error: null, body: unknown) => void) => done(null, body),
    );
    scope.put<{ Querystring: { keep: boolean }; Body: string }>(
      '/v1/policy',
      {
        ...ownerOnly(owners),
        bodyLimit: HTTP_LIMITS.policyBytes,
        schema: {
          summary: 'Replace the policy in force, unless it has errors or cannot be kept here',
          querystring: Query,
          body: { content },
          response: answers(Taken),
        },
      },
      async ({ query: { keep }, body }) => {
        if (typeof body !== 'string') throw new ProblemError('bad-request', 'the policy is the body');
        return answerOf(await services.replacePolicy(body, { keep }));
      },
    );
    scope.post(
      '/v1/reload',
      {
        ...ownerOnly(owners),
        schema: { summary: 'Take the daemon’s file as it is now', response: answers(Taken) },
      },
      async () => answerOf(await services.reload()),
    );
  });
}

function answerOf(outcome: PolicyOutcome) {
  switch (outcome.kind) {
    case 'taken':
      return { policy: outcome.policy, diagnostics: outcome.diagnostics };
    case 'cannot-keep':
      throw new ProblemError('cannot-keep', `${outcome.message}; nothing is changed`);
    case 'rejected': {
      const { message, diagnostics } = outcome;
      const kind = isInfeasible(diagnostics) ? 'policy-infeasible' : 'policy-rejected';
      throw new ProblemError(kind, `${message}; the policy in force stays`, { diagnostics });
    }
  }
}
