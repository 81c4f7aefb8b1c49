import { type Static, Type } from '@sinclair/typebox';

const closed = { additionalProperties: false } as const;

const CheckSchema = Type.Object(
  {
    kind: Type.Union(
      (['capability', 'mechanism', 'sensor', 'program', 'state'] as const).map((kind) => Type.Literal(kind)),
    ),
    name: Type.String({ description: 'Stable.' }),
    ok: Type.Boolean(),
    detail: Type.String({
      description: 'What it is for, with what was found; where it is missing also why.',
    }),
    fix: Type.Union([Type.String(), Type.Null()], {
      description: 'The command that gets it; null where it is there, or cannot be had on this machine.',
    }),
  },
  { ...closed, description: 'One thing that vmc needs of this host and user.' },
);

export const DoctorSchema = Type.Object(
  { checks: Type.Array(CheckSchema) },
  { ...closed, $id: 'doctor.schema.json', title: 'vmc doctor' },
);

export type Check = Static<typeof CheckSchema>;
