import type { Plan } from '../../compiler/plan.js';
import type { Span } from '../replay/replay.js';
import type { ModeUse } from './simulation-report.js';

/** How long a replay was in each mode, and how often one was entered. */
export class ModeRecord {
  readonly #uses = new Map<string, { ms: number; entered: number }>();
  #current: string | null = null;
  #changes = -1;

  add({ mode, fromMs, toMs }: Span): void {
    const use = this.#uses.get(mode.id) ?? { ms: 0, entered: 0 };
    use.ms += toMs - fromMs;
    if (mode.id !== this.#current) {
      use.entered += 1;
      this.#changes += 1;
    }
    this.#current = mode.id;
    this.#uses.set(mode.id, use);
  }

  get changes(): number {
    return Math.max(0, this.#changes);
  }

  /** The longest first. */
  uses(plan: Plan, totalMs: number): readonly ModeUse[] {
    return [...this.#uses]
      .map(([mode, { ms, entered }]) => ({
        mode,
        conditions: conditionsOf(plan, mode),
        share: ms / totalMs,
        seconds: ms / 1000,
        entered,
      }))
      .sort((a, b) => b.seconds - a.seconds || (a.mode < b.mode ? -1 : 1));
  }
}

/** The values of the conditions in a mode, as an owner reads them. */
export function conditionsOf({ modes, conditions }: Plan, id: string): string {
  const mode = modes.find((one) => one.id === id);
  if (mode === undefined) return 'a combination that the plan has no mode for: all restrictions hold';
  const texts = conditions.flatMap((condition) => {
    const value = mode.when[condition.id];
    if (value === undefined) return [];
    const simple = /^[\w.-]+$/.test(condition.id) ? condition.id : `(${condition.id})`;
    return [value === true ? condition.id : value === false ? `not ${simple}` : `${simple} unknown`];
  });
  return texts.length === 0 ? 'always' : texts.join(', ');
}
