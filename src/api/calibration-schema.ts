import { Type } from '@sinclair/typebox';

const closed = { additionalProperties: false } as const;
const Scheduling = Type.Union([Type.Literal('deadline'), Type.Literal('fifo'), Type.Literal('normal')], {
  description: 'Class of the process that preempted the other.',
});

const CoreCosts = Type.Object(
  {
    core: Type.Integer({ minimum: 0 }),
    scheduling: Scheduling,
    preemptions: Type.Integer({ minimum: 1, description: 'How many were measured.' }),
    medianNs: Type.Integer({ minimum: 1 }),
    highNs: Type.Integer({ minimum: 1, description: 'What the part `quantile` of them cost at most.' }),
  },
  closed,
);

const Calibration = Type.Object(
  {
    calibrationVersion: Type.Literal(1),
    kernelRelease: Type.String({ description: 'On another kernel it is ignored.' }),
    measuredAt: Type.String({ description: 'ISO 8601, UTC.' }),
    contextSwitchesNs: Type.Integer({
      minimum: 1,
      maximum: 1_000_000,
      description:
        'What the two context switches of a server cost in each of its periods: `highNs` of the dearest core.',
    }),
    quantile: Type.Number({ exclusiveMinimum: 0, maximum: 1 }),
    scheduling: Scheduling,
    cores: Type.Array(CoreCosts, { minItems: 1 }),
  },
  closed,
);

/** `vmc calibrate`; its `calibration` is what is kept: the type is src/enforce/calibration/calibration.ts. */
export const CalibrationSchema = Type.Object(
  {
    calibration: Calibration,
    file: Type.Union([Type.String(), Type.Null()], {
      description: 'Where it is kept; null where it was only measured.',
    }),
  },
  { ...closed, $id: 'calibration.schema.json', title: 'What vmc calibrate measured' },
);
