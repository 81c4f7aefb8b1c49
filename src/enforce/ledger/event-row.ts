import type { EnforcerEvent } from '../status.js';
import type { Row } from './database.js';

/** An event from a row of the table of them. */
export const eventOf = ([sequence, atMs, kind, subject, message, causes]: Row): EnforcerEvent => ({
  sequence: Number(sequence),
  atMs: Number(atMs),
  // INVARIANT: only events are written there.
  kind: String(kind) as EnforcerEvent['kind'],
  subject: subject == null ? null : String(subject),
  message: String(message),
  causes: JSON.parse(String(causes)) as EnforcerEvent['causes'],
});
