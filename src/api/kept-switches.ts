import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Enforcer } from '../enforce/index.js';
import type { Finding } from '../enforce/status.js';
import type { Clock } from '../support/clock.js';
import { putFile } from '../support/put-file.js';

const FILE = 'switches.json';
const VERSION = 1;

interface KeptSwitch {
  readonly name: string;
  /** Wall-clock time at which it goes off, ms; null: it stays on. */
  readonly untilMs: number | null;
}

/**
 * The switches that are on, on disk, so that `vmc set gaming on for 8h` outlives a restart of the daemon and of the machine
 * (docs/decisions/0027). Times are of the wall clock: what has run out meanwhile is off.
 */
export class KeptSwitches {
  readonly #file: string;
  readonly #clock: Clock;

  constructor(stateDirectory: string, clock: Clock) {
    this.#file = join(stateDirectory, FILE);
    this.#clock = clock;
  }

  /** Sets those that are still on and that the plan has. Answers what is wrong with the file, if anything: then all are off. */
  restore(enforcer: Pick<Enforcer, 'plan' | 'setSwitch'>): Finding | null {
    const nowMs = this.#clock.wallMs();
    let kept: readonly KeptSwitch[];
    try {
      kept = parse(readFileSync(this.#file, 'utf8'));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      return code === 'ENOENT' || code === 'ENOTDIR' ? null : this.#lost(code ?? message, nowMs);
    }
    for (const { name, untilMs } of kept) {
      if (!enforcer.plan.switches.includes(name) || (untilMs !== null && untilMs <= nowMs)) continue;
      enforcer.setSwitch(name, true, untilMs === null ? null : BigInt(Math.round((untilMs - nowMs) * 1e6)));
    }
    return null;
  }

  /** Writes down those that are on now. Throws Node's errno errors, with the old file in its place. */
  keep(enforcer: Pick<Enforcer, 'switches'>): void {
    const switches = enforcer.switches().flatMap(({ name, on, untilMs }) => (on ? [{ name, untilMs }] : []));
    putFile(this.#file, `${JSON.stringify({ switchesVersion: VERSION, switches }, null, 2)}\n`);
  }

  #lost(why: string, nowMs: number): Finding {
    return {
      code: 'switches-lost',
      severity: 'warning',
      subject: null,
      message: `which switches were on is not known: ${this.#file} cannot be read (${why})`,
      fallback: "all switches are off; 'vmc set NAME on' sets one again, and writes the file anew",
      sinceMs: nowMs,
    };
  }
}

/** Throws an Error that says what is wrong with the text. */
function parse(text: string): readonly KeptSwitch[] {
  let document: { readonly switchesVersion?: unknown; readonly switches?: unknown } | null;
  try {
    document = JSON.parse(text);
  } catch {
    throw new Error('it is damaged: no JSON');
  }
  const switches = document?.switches;
  if (document?.switchesVersion !== VERSION || !Array.isArray(switches) || !switches.every(isKept)) {
    throw new Error('it is damaged, or of another version of vmc');
  }
  return switches;
}

function isKept(one: unknown): one is KeptSwitch {
  const { name, untilMs } = (one ?? {}) as Partial<Record<keyof KeptSwitch, unknown>>;
  return typeof name === 'string' && (untilMs === null || Number.isFinite(untilMs));
}
