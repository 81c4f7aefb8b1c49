import { Type } from '@sinclair/typebox';

/** A time as in a policy: 30s, 1.5min, 200ms. */
export const DurationText = Type.String({
  pattern: '^\\d{1,12}(\\.\\d{1,9})?(ns|us|ms|s|min|h|d)$',
  maxLength: 32,
});

export const DURATION_FORM = 'a time such as 30s, 1.5min or 200ms';
export const LEVEL_FORM = 'a percentage above 0% and below 100%, such as 95%';

/** 95%, 99.5%, or 0.95. */
export const LevelText = Type.String({
  pattern: '^(\\d{1,2}(\\.\\d{1,6})?%|0?\\.\\d{1,9})$',
  maxLength: 16,
});

/** A canonical dotted name: owner.demand, "my vm".cpu. */
export const SignalParams = Type.Object({ signal: Type.String({ minLength: 1, maxLength: 256 }) });

const LEVEL = new RegExp(LevelText.pattern ?? '');

/** 0.95 from either of the forms of {@link LevelText}; null: it is in neither, or not between 0 and 1. */
export function parseLevel(text: string): number | null {
  if (!LEVEL.test(text)) return null;
  const level = text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text);
  return level > 0 && level < 1 ? level : null;
}

const FORMS: ReadonlyMap<string | undefined, string> = new Map([
  [DurationText.pattern, DURATION_FORM],
  [LevelText.pattern, LEVEL_FORM],
]);

/** What a text has to be, in words for people, by the pattern that it did not match; null for any other pattern. */
export const formOf = (pattern: string): string | null => FORMS.get(pattern) ?? null;
