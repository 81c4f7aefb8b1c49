import { Type } from '@sinclair/typebox';

/** A time as in a policy: 30s, 1.5min, 200ms. */
export const DurationText = Type.String({
  pattern: '^\\d{1,12}(\\.\\d{1,9})?(ns|us|ms|s|min|h|d)$',
  maxLength: 32,
});

/** 95%, 99.5%, or 0.95. */
export const LevelText = Type.String({
  pattern: '^(\\d{1,2}(\\.\\d{1,6})?%|0?\\.\\d{1,9})$',
  maxLength: 16,
});

/** A canonical dotted name: owner.demand, "my vm".cpu. */
export const SignalParams = Type.Object({ signal: Type.String({ minLength: 1, maxLength: 256 }) });

/** 0.95 from either of the forms of {@link LevelText}. */
export function parseLevel(text: string): number {
  return text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text);
}
