import { type Static, Type } from '@sinclair/typebox';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Diagnostic } from '../lang/index.js';
import { DiagnosticSchema } from './diagnostics-schema.js';
import { formOf } from './routes/parameters.js';

/** RFC 9457, application/problem+json. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String({ description: 'urn:vmc:problem:… names the kind of problem; stable.' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.Optional(Type.String()),
    errors: Type.Optional(
      Type.Array(Type.Object({ pointer: Type.String(), detail: Type.String() }), {
        description: 'What is wrong with the request, each with a JSON pointer into it.',
      }),
    ),
    diagnostics: Type.Optional(
      Type.Array(DiagnosticSchema, { description: 'Of a policy that was not taken: what is wrong with it.' }),
    ),
  },
  { $id: 'Problem', title: 'Problem' },
);

export type Problem = Static<typeof ProblemSchema>;

const TITLES = {
  'bad-request': [400, 'The request is not valid'],
  unauthorized: [401, 'A bearer token is needed'],
  forbidden: [403, 'Only the owner may change something'],
  'read-only': [403, 'Nothing can be changed over TCP'],
  'not-found': [404, 'There is no such thing'],
  timeout: [408, 'The request took too long to come'],
  'cannot-keep': [409, 'The policy cannot be written to its file'],
  gone: [410, 'It was there, and is not any more'],
  'too-large': [413, 'The request is too large'],
  'unsupported-media-type': [415, 'The body is of a kind that is not taken here'],
  misdirected: [421, 'The request is for another host'],
  'policy-rejected': [422, 'The policy has errors'],
  'policy-infeasible': [422, 'No schedule keeps the policy on this host'],
  'too-many-requests': [429, 'Too many requests'],
  'headers-too-large': [431, 'The headers are too large'],
  'not-ready': [503, 'Not ready yet'],
  stalled: [503, 'The daemon does not get on'],
  bug: [500, 'A bug in vmc'],
} as const;

export type ProblemKind = keyof typeof TITLES;

/** Thrown by a route; becomes the answer. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly kind: ProblemKind;
  readonly extras: ProblemExtras;

  constructor(kind: ProblemKind, detail: string, extras: ProblemExtras = {}) {
    super(detail);
    this.kind = kind;
    this.extras = extras;
  }
}

export interface ProblemExtras {
  /** Of a policy. */
  readonly diagnostics?: readonly Diagnostic[];
  /** Headers of the answer. */
  readonly headers?: Readonly<Record<string, string>>;
}

export function problem(kind: ProblemKind, detail?: string, errors?: Problem['errors']): Problem {
  const [status, title] = TITLES[kind];
  return {
    type: `urn:vmc:problem:${kind}`,
    title,
    status,
    ...(detail !== undefined && { detail }),
    ...(errors && { errors }),
  };
}

/** Answers every failure of a route, of validation or of routing as a problem. */
export function answerWithProblems(app: FastifyInstance): void {
  app.setNotFoundHandler((request, reply) =>
    send(reply, problem('not-found', `there is no ${request.method} ${request.url.split('?')[0]}`)),
  );
  app.setErrorHandler((error, request, reply) => {
    const answer = asProblem(error);
    if (answer.status === 500) request.log.error(error, 'a request failed');
    if (error instanceof ProblemError) reply.headers({ ...error.extras.headers });
    return send(reply, answer);
  });
}

const send = (reply: FastifyReply, answer: Problem) =>
  reply.code(answer.status).header('content-type', 'application/problem+json').send(answer);

interface Mistake {
  readonly instancePath: string;
  readonly message?: string;
  readonly keyword?: string;
  readonly params?: { readonly pattern?: unknown; readonly limit?: unknown };
}

interface FastifyFailure {
  readonly statusCode?: number;
  readonly message?: string;
  readonly validation?: readonly Mistake[];
  readonly validationContext?: string;
}

/** What a refusal is answered as. */
export function problemOf({ kind, message, extras: { diagnostics } }: ProblemError): Problem {
  return {
    ...problem(kind, message),
    ...(diagnostics && { diagnostics: [...diagnostics] as NonNullable<Problem['diagnostics']> }),
  };
}

function asProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return problemOf(error);
  const { statusCode, message, validation, validationContext } = error as FastifyFailure;
  if (validation) {
    const errors = validation.map((each) => ({
      pointer: `/${validationContext ?? 'body'}${each.instancePath}`,
      detail: inWords(each) ?? each.message ?? 'is not valid',
    }));
    const told = validation.flatMap((each) => {
      const words = inWords(each);
      return words === null ? [] : [`${each.instancePath.slice(1)} ${words}`];
    });
    return problem('bad-request', told.length === validation.length ? told.join('; ') : message, errors);
  }
  if (statusCode === 413) return problem('too-large', message);
  if (statusCode === 415) return problem('unsupported-media-type', message);
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return problem('bad-request', message);
  return problem('bug', 'the daemon’s log has the details');
}

/** Nobody should have to read a regular expression, or count what is too many; null where it is neither. */
function inWords({ keyword, params }: Mistake): string | null {
  if (keyword === 'maxItems')
    return `has at most ${params?.limit} entries; send the others in another request`;
  const form = typeof params?.pattern === 'string' ? formOf(params.pattern) : null;
  return form === null ? null : `must be ${form}`;
}
