import type { Plan } from '../../compiler/plan.js';

/** What the plan asks for that the simulated kernel has no model of, in words: rates of these classes are not the host's. */
export function notSimulated({ schedules }: Plan): readonly string[] {
  const placed = new Set(
    schedules.flatMap(({ settings }) =>
      settings.flatMap((setting) => (setting.mechanism === 'placement' ? [setting.class] : [])),
    ),
  );
  if (placed.size === 0) return [];
  const classes = [...placed].join(', ');
  return [
    `the simulated kernel knows no placement on cores (${classes}); these guests run on any core of it`,
  ];
}
