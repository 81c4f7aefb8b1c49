import { type Static, Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { parseDuration } from '../../support/duration.js';
import { ProblemError } from '../problem.js';
import { answers } from '../schema-reference.js';
import type { DaemonServices } from '../services.js';
import { signalNamed } from '../signal-value.js';
import { ownerOnly } from './owner-only.js';
import { DurationText } from './parameters.js';

const Done = Type.Object({ done: Type.Literal(true) });

const SignalBody = Type.Object(
  {
    // One list of types: what is in it is not turned into another, as the alternatives of a union would be.
    value: Type.Unsafe<boolean | number | string>({
      type: ['boolean', 'number', 'string'],
      minLength: 1,
      maxLength: 64,
      description:
        "Of a switch on or off; of a signal a quantity of its type ('31.5', '70%', '2GiB'), or a number in the unit of the plan's thresholds.",
    }),
    for: Type.Optional({
      ...DurationText,
      description: 'After so long a switch is off, a signal unknown; default: it stays.',
    }),
  },
  { additionalProperties: false },
);

/** What changes something, for the owner alone: PUT /v1/signals/{name}, POST /v1/release. */
export function changeRoutes(
  app: FastifyInstance,
  services: DaemonServices,
  owners: ReadonlySet<number>,
): void {
  app.put<{ Params: { name: string }; Body: Static<typeof SignalBody> }>(
    '/v1/signals/:name',
    {
      ...ownerOnly(owners),
      schema: {
        summary: 'Flip a switch of the policy, or push a value of one of its signals',
        params: Type.Object({ name: Type.String({ minLength: 1, maxLength: 256 }) }),
        body: SignalBody,
        response: answers(Done),
      },
    },
    async ({ params: { name }, body }) => {
      const forNs = body.for === undefined ? null : parseDuration(body.for);
      set(services, name, body.value, forNs);
      return { done: true };
    },
  );
  app.post(
    '/v1/release',
    { ...ownerOnly(owners), schema: { summary: 'Give everything back and end', response: answers(Done) } },
    async () => {
      await services.release();
      return { done: true };
    },
  );
}

/** Throws a problem where the policy has no switch or signal of that name, or it takes no such value. */
function set(
  services: DaemonServices,
  name: string,
  value: boolean | number | string,
  forNs: bigint | null,
): void {
  const plan = services.plan();
  if (typeof value === 'boolean' ? signalNamed(plan, name) : plan.switches.includes(name)) {
    const takes =
      typeof value === 'boolean' ? 'a signal, and takes a quantity' : 'a switch, and takes on or off';
    throw new ProblemError('bad-request', `${name} is ${takes}`);
  }
  if (typeof value === 'boolean') {
    if (services.setSwitch(name, value, forNs)) return;
    throw new ProblemError('not-found', `the policy has no switch ${name}`);
  }
  const outcome = services.pushSignal(name, value, forNs);
  if (outcome === 'done') return;
  if (outcome === 'unknown') throw new ProblemError('not-found', `the policy has no signal ${name}`);
  throw new ProblemError(
    'bad-request',
    `${name} cannot be ${value}: it takes, for example, ${outcome.takes}`,
  );
}
