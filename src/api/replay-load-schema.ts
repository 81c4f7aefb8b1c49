import { type Static, type TSchema, Type } from '@sinclair/typebox';

const closed = { additionalProperties: false } as const;
const Nullable = <T extends TSchema>(type: T, description: string) =>
  Type.Union([type, Type.Null()], { description });

/** What `vmc replay-load --format json` writes. */
export const ReplayLoadSchema = Type.Object(
  {
    trace: Type.String(),
    unit: Type.Union([Type.Literal('percent'), Type.Literal('threads')], {
      description:
        'percent: of the whole host, what was run counts as played. threads: what was run or waited for a processor does.',
    }),
    stepNs: Type.Number(),
    steps: Type.Integer({ description: 'Played to their end.' }),
    interrupted: Type.Boolean({ description: 'Ended by a signal before the trace was.' }),
    hogs: Type.Integer({ description: 'Threads that played it.' }),
    wanted: Nullable(Type.Number(), 'Mean over these steps, in the unit; null: there was none.'),
    played: Nullable(Type.Number(), 'The same, of what was played.'),
    meanAbsoluteError: Nullable(Type.Number(), 'Of single steps, in the unit.'),
    rootMeanSquaredError: Nullable(Type.Number(), 'Of single steps, in the unit.'),
    hostCpuPercent: Nullable(
      Type.Number(),
      'Use of the whole host meanwhile, other work included; null where /proc/stat cannot be read.',
    ),
  },
  { ...closed, $id: 'replay-load.schema.json', title: 'vmc replay-load' },
);

export type ReplayLoad = Static<typeof ReplayLoadSchema>;
