import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { SETTING_MECHANISMS } from '../../compiler/setting-mechanisms.js';
import { GROUPINGS } from './groupings.js';
import { MISS_CAUSES, type MissCause } from './miss-cause.js';

/*
 * What `vmc ledger` and `GET /v1/ledger` answer. The schemas and the types of this module are one source. Wall-clock instants
 * are milliseconds since 1970 (`…Ms`), times nanoseconds (`…Ns`): of CPU, or of one guest's life.
 */

const closed = { additionalProperties: false } as const;
const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Literals = <T extends string>(...values: readonly T[]) =>
  Type.Union(values.map((value) => Type.Literal(value)));
const ns = (description: string) => Type.Number({ description });

const Sums = {
  elapsedNs: ns('For so long guests were looked at: of two guests in an hour, two hours.'),
  cpuNs: ns('CPU time that they used, of whole processes.'),
  promisedNs: ns(
    'CPU time that was promised to single guests: by reservations, guarantees, or their shares of what those who wanted CPU got.',
  ),
  wantedNs: Nullable(
    ns('Time for which their threads ran or were ready to; null: waiting was not measured.'),
  ),
  stoppedNs: ns('Held by duty cycles.'),
  stoppedByUserNs: ns('Stopped by their users.'),
  longestGapNs: Nullable(
    ns('None was kept from a CPU that it wanted for longer than this; null: waiting was not measured.'),
  ),
};

const Span = Type.Object({ fromMs: Type.Number(), toMs: Type.Number() }, closed);
const head = {
  fromMs: Type.Number({
    description:
      'Beginning of what is counted: earlier than was asked for where only hours or days are kept.',
  }),
  toMs: Type.Number(),
  zone: Type.String({ description: 'IANA name; days are those of this zone.' }),
  notRunning: Type.Array(Span, { description: 'When no daemon ran, so that nothing is known. Within 10 s.' }),
};

export const LedgerSchema = Type.Object(
  {
    ...head,
    by: Literals(...GROUPINGS),
    rows: Type.Array(
      Type.Object(
        {
          key: Type.String({
            description:
              'A class (others: none), a user, a day (ISO 8601), a guest (its name, or its key), or a mode.',
          }),
          ...Sums,
        },
        closed,
      ),
    ),
    total: Type.Object(Sums, closed),
  },
  { ...closed, $id: 'ledger.schema.json', title: 'vmc ledger' },
);

// INVARIANT: the keys of MISS_CAUSES are the causes that there are.
const CAUSES = Object.keys(MISS_CAUSES) as MissCause[];

export const ConformanceSchema = Type.Object(
  {
    ...head,
    kept: Type.Boolean({
      description: 'Every promise was kept, but for what guests and their users did not want.',
    }),
    promises: Type.Array(
      Type.Object(
        {
          guest: Nullable(
            Type.String({ description: 'Its name, or its key; null: about the sum of the subject.' }),
          ),
          user: Nullable(Type.String()),
          class: Type.String({ description: 'What the promise is about.' }),
          mode: Type.String(),
          mechanism: Literals(...SETTING_MECHANISMS),
          summary: Type.String({ description: 'The setting as an owner would say it.' }),
          unit: Literals('cores', 'fraction'),
          bound: Literals('exactly', 'at-least', 'at-most'),
          promised: Type.Number(),
          delivered: Type.Number(),
          measuredNs: Type.Number(),
          kept: Type.Boolean(),
          misses: Type.Array(
            Type.Object(
              {
                cause: Literals(...CAUSES),
                text: Type.String(),
                missedNs: Type.Number({
                  description: 'In the unit times measuredNs, beyond what is tolerated.',
                }),
              },
              closed,
            ),
          ),
        },
        closed,
      ),
    ),
  },
  { ...closed, $id: 'conformance.schema.json', title: 'vmc ledger --conformance' },
);

export type LedgerDocument = Static<typeof LedgerSchema>;
export type ConformanceDocument = Static<typeof ConformanceSchema>;
export type LedgerSums = LedgerDocument['total'];
export type NotRunning = LedgerDocument['notRunning'];
