import type { Schedule } from '../compiler/plan.js';
import type { EventDraft } from './event-log.js';
import type { Action } from './host.js';
import type { PlanIndex } from './plan-index.js';

type EndingAction = Extract<Action, { kind: 'power-down' | 'end-guest' | 'forget-power-down' }>;

export const isEnding = (action: Action): action is EndingAction =>
  action.kind === 'power-down' || action.kind === 'end-guest' || action.kind === 'forget-power-down';

/** What the event log says of guests that are to end, and why: once each, however often a guest has to be told. */
export class EndingEvents {
  readonly #told = new Map<string, EndingAction['kind']>();

  /** `done`: the action succeeded. Null: nothing that the log does not have. */
  after(
    { kind, guest }: EndingAction,
    done: boolean,
    { index, schedule, mode, className }: EndingContext,
  ): EventDraft | null {
    const before = this.#told.get(guest);
    if (before === kind || (kind === 'end-guest' && !done)) return null;
    this.#told.set(guest, kind);
    if (kind === 'forget-power-down') return null;
    const sentences = schedule.settings
      .filter((setting) => setting.mechanism === 'stop' && index.appliesTo(setting, className))
      .flatMap(({ because }) => because.map(({ sentence }) => sentence));
    const why = `${[...new Set(sentences)].join('; ') || 'the policy'} (mode ${mode})`;
    const who = `guest ${guest} of ${className ?? 'others'}`;
    return kind === 'end-guest'
      ? {
          kind: 'guest-ended',
          subject: guest,
          message: `${who} did not power down in its time and is ended: ${why}`,
        }
      : { kind: 'guest-asked-to-stop', subject: guest, message: `${who} is asked to power down: ${why}` };
  }

  forget(guest: string): void {
    this.#told.delete(guest);
  }
}

/** By what a guest is to end. */
export interface EndingContext {
  readonly index: PlanIndex;
  readonly schedule: Schedule;
  readonly mode: string;
  readonly className: string | null;
}
