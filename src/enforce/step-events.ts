import type { Clock } from '../support/clock.js';
import type { Assignment, ClassifiedGuest } from './classify.js';
import type { Instant } from './conditions/atom.js';
import { EndingEvents, isEnding } from './ending-events.js';
import type { EventLog } from './event-log.js';
import { type FindingDraft, updateFindings } from './findings.js';
import type { Action } from './host.js';
import type { CurrentMode } from './mode-tracker.js';
import type { PlanIndex } from './plan-index.js';
import type { Finding } from './status.js';

/** The wall clock stepped, rather than being slewed, when it moved by more than this against the monotonic one. */
const JUMP_MS = 1000;

/** What one step after the other tells the event log, and the findings that there are between two of them. */
export class StepEvents {
  readonly #endings = new EndingEvents();
  #findings: readonly Finding[] = [];
  #wallOffsetMs: number | null = null;

  constructor(
    private readonly events: EventLog,
    private readonly clock: Clock,
  ) {}

  get findings(): readonly Finding[] {
    return this.#findings;
  }

  /** At the beginning of each step. */
  begin({ nowNs, wallMs }: Instant): void {
    const offsetMs = wallMs - Number(nowNs / 1_000_000n);
    const jumpMs = this.#wallOffsetMs === null ? 0 : offsetMs - this.#wallOffsetMs;
    this.#wallOffsetMs = offsetMs;
    if (Math.abs(jumpMs) <= JUMP_MS) return;
    const message = `the wall clock jumped by ${(jumpMs / 1000).toFixed(1)} s: calendars are evaluated anew`;
    this.events.append({ kind: 'clock-jumped', message }, wallMs);
  }

  /** The mode is another one. */
  mode(previous: CurrentMode | null, mode: CurrentMode, { wallMs }: Instant): void {
    const reasons = mode.causes.map(({ text, from, to }) => `${text}: ${from} → ${to}`).join('; ');
    const message = `${previous ? 'now' : 'begins'} in mode ${mode.id}${reasons ? ` because ${reasons}` : ''}`;
    this.events.append({ kind: 'mode-changed', subject: mode.id, message, causes: [...mode.causes] }, wallMs);
  }

  /** Guests that came and went since the step before. */
  guests(before: Assignment, classified: readonly ClassifiedGuest[], after: Assignment): void {
    const atMs = this.clock.wallMs();
    for (const { guest, class: className } of classified) {
      if (before.has(guest.key)) continue;
      const message = `guest ${guest.name ?? guest.pid} of ${guest.user} belongs to ${className ?? 'others'}`;
      this.events.append({ kind: 'guest-found', subject: guest.key, message }, atMs);
    }
    for (const key of before.keys()) {
      if (after.has(key)) continue;
      this.#endings.forget(key);
      this.events.append({ kind: 'guest-gone', subject: key, message: `guest ${key} ended` }, atMs);
    }
  }

  /** An action that asks a guest to end, or ends it; nothing for others. */
  ending(
    action: Action,
    done: boolean,
    index: PlanIndex,
    mode: CurrentMode | null,
    places: Assignment,
  ): void {
    if (!isEnding(action) || mode === null) return;
    const className = places.get(action.guest)?.class ?? null;
    const where = { index, schedule: mode.schedule, mode: mode.id, className };
    const event = this.#endings.after(action, done, where);
    if (event) this.events.append(event, this.clock.wallMs());
  }

  /** What is found now, in the place of what was. */
  report(drafts: readonly FindingDraft[]): void {
    const atMs = this.clock.wallMs();
    const { current, appeared, gone } = updateFindings(this.#findings, drafts, atMs);
    this.#findings = current;
    for (const { subject, message } of appeared) {
      this.events.append({ kind: 'finding', subject, message }, atMs);
    }
    for (const { subject, message } of gone) {
      this.events.append({ kind: 'finding-over', subject, message }, atMs);
    }
  }
}
