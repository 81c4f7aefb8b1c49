import type { EnforcerEvent } from './status.js';

export type EventSink = (event: EnforcerEvent) => void;
export type EventDraft = Pick<EnforcerEvent, 'kind' | 'message'> &
  Partial<Pick<EnforcerEvent, 'subject' | 'causes'>>;

/** What was given out before: the last events, oldest first, and the greatest number. */
export interface EventLogStart {
  readonly events: readonly EnforcerEvent[];
  readonly sequence: number;
}

/** The last events, numbered without gaps; a sink that throws loses its event, never the enforcer's step. */
export class EventLog {
  readonly #capacity: number;
  readonly #sinks = new Set<EventSink>();
  readonly #events: EnforcerEvent[];
  #sequence: number;

  constructor(capacity = 1000, before: EventLogStart = { events: [], sequence: 0 }) {
    this.#capacity = capacity;
    this.#events = before.events.slice(-capacity);
    this.#sequence = before.sequence;
  }

  /** Calls `sink` for every event from now on; the answer ends that. */
  subscribe(sink: EventSink): () => void {
    this.#sinks.add(sink);
    return () => this.#sinks.delete(sink);
  }

  append(draft: EventDraft, atMs: number): void {
    this.#sequence += 1;
    const event = { sequence: this.#sequence, atMs, subject: null, causes: [], ...draft };
    this.#events.push(event);
    if (this.#events.length > this.#capacity) this.#events.shift();
    for (const sink of this.#sinks) {
      try {
        sink(event);
      } catch {
        // The reader's failure is the reader's; what happened is still in the ring.
      }
    }
  }

  /** Events after that sequence number that are still kept, oldest first. */
  since(sequence = 0): readonly EnforcerEvent[] {
    return this.#events.filter((event) => event.sequence > sequence);
  }
}
