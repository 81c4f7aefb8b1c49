/** A policy with one mistake: the code it has to draw, and on which line (counted in `text`, from 1). */
export interface Mistake {
  readonly what: string;
  readonly text: string;
  readonly code: string;
  readonly line: number;
  /** More than one error is accepted here, for the reason given. */
  readonly more?: string;
  /** What its hint has to say. */
  readonly hint?: string;
  /** What stands on its line (and on those behind it) when its fix is applied. */
  readonly fixed?: string;
}

/** Declarations that most mistakes are made against; its last line is line 6. */
const BASE = `vm video { match name "video" and user "alice" vcpus 2 task decode 4ms every 33ms }
group batch up to 6 vms { match user grid vcpus 1 }
group lent = video, batch
switch gaming
let office = weekdays 09:00-17:30
let busy = owner.demand > 60% for 30s until < 40% for 60s
`;
const LINES = 6;

export const after = (what: string, code: string, text: string, line = 1, more?: string): Mistake => ({
  what,
  code,
  text: `${BASE}${text}\n`,
  line: LINES + line,
  ...(more === undefined ? {} : { more }),
});

/** A mistake that its fix turns into `fixed`. */
export const mended = (what: string, code: string, text: string, fixed: string, line = 1): Mistake => ({
  ...after(what, code, text, line),
  fixed,
});

/** A mistake out of a habit, whose hint names what is written here. */
export const habit = (
  what: string,
  code: string,
  text: string,
  hint: string,
  { line = 1, ...fix }: { readonly line?: number; readonly fixed?: string } = {},
): Mistake => ({ ...after(what, code, text, line), hint, ...fix });

export const alone = (what: string, code: string, text: string, line = 1): Mistake => ({
  what,
  code,
  text,
  line,
});

/** A mistake on the only line of a test that also expects something. */
export const inTest = (what: string, code: string, text: string, fixed?: string): Mistake => ({
  ...after(
    what,
    code,
    `test "it" {\n  ${text}\n  expect batch paused\n}\nbudget lent 20 core-hours per day`,
    2,
  ),
  ...(fixed === undefined ? {} : { fixed: `  ${fixed}` }),
});
