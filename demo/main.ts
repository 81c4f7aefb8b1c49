import { closeSync, openSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { StartedGuest } from '../guests/start-guest.js';
import type { Plan } from '../src/api/client.js';
import { colorsFor } from '../src/cli/colors.js';
import { DaemonProcess } from './daemon-process.js';
import { LiveTable } from './live-table.js';
import { judge, type Outcome } from './outcome.js';
import { OwnerLoad } from './owner-load.js';
import { FORECAST_SIGNAL, type Reading, takeReading } from './recording.js';
import { renderOutcome } from './report.js';
import { chooseStage, coreCount, showPlan, snapshot, startGuests } from './stage.js';

/*
 * The main job, end to end: guests, a policy, the daemon, an owner who comes back half-way, and the account of it.
 * `npm run demo` runs this after it has installed what is missing and built.
 */

const USAGE = `usage: npm run demo -- [--json FILE] [--seconds N]

  --json FILE    write the outcome as JSON too
  --seconds N    how long to enforce the policy (default 30, at least 24)
`;
const DEFAULT_SECONDS = 30;
const LEAST_SECONDS = 24;
const HOGS_PER_CORE = 2;
/** What a guardian promises, and a second for looking. */
const GUARDIAN_MS = 4000;

const colors = colorsFor('auto', process.stdout, process.env);
const say = (text: string): boolean => process.stdout.write(`${text}\n`);

interface Options {
  readonly json: string | undefined;
  readonly seconds: number;
}

function parseOptions(argv: readonly string[]): Options | null {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: { json: { type: 'string' }, seconds: { type: 'string' }, help: { type: 'boolean' } },
    });
    const seconds = Number(values.seconds ?? DEFAULT_SECONDS);
    if (values.help || !Number.isInteger(seconds) || seconds < LEAST_SECONDS) return null;
    return { json: values.json, seconds };
  } catch {
    return null;
  }
}

/** Readings once a second, on the clock; the owner's hogs start half-way. */
async function watch(
  daemon: DaemonProcess,
  guests: readonly StartedGuest[],
  owner: OwnerLoad,
  seconds: number,
  interrupted: AbortSignal,
): Promise<{ readonly readings: readonly Reading[]; readonly ownerCameMs: number }> {
  const readings: Reading[] = [];
  const table = new LiveTable(process.stdout, colors);
  const start = performance.now();
  let ownerCameMs = Number.POSITIVE_INFINITY;
  for (let second = 0; second <= seconds; second++) {
    await delay(Math.max(0, start + second * 1000 - performance.now()), undefined, { signal: interrupted });
    if (second === Math.floor(seconds / 2)) {
      owner.start(HOGS_PER_CORE * coreCount());
      ownerCameMs = Date.now();
    }
    const reading = await takeReading(daemon.client, guests);
    readings.push(reading);
    table.show(reading, seconds - second);
  }
  table.finish();
  return { readings, ownerCameMs };
}

/** "busy" → what the owner would call the mode. */
function nameModes(plan: Plan): ReadonlyMap<string, string> {
  return new Map(
    plan.modes.map(({ id, when }) => [
      id,
      Object.entries(when)
        .map(([condition, value]) =>
          value === true ? condition : value === false ? `not ${condition}` : `${condition}?`,
        )
        .join(', ') || 'always',
    ]),
  );
}

async function becomesTrue(ask: () => Promise<boolean>, withinMs: number): Promise<boolean> {
  for (const end = Date.now() + withinMs; Date.now() < end; await delay(50)) if (await ask()) return true;
  return false;
}

async function perform(options: Options, interrupted: AbortSignal): Promise<Outcome | null> {
  const stage = chooseStage();
  if (stage.missing) say(`${colors.yellow(stage.missing)}\n`);
  say(colors.bold(`vmc compile ${stage.policy}`));
  if (!showPlan(stage.policy)) return null;
  const owner = new OwnerLoad();
  const daemon = new DaemonProcess();
  let guests: readonly StartedGuest[] = [];
  let before = '';
  try {
    guests = await startGuests(stage.guests);
    say(
      `\n${guests.length} QEMU ${guests.length === 1 ? 'guest counts' : 'guests count'}: ${guests.map(({ name }) => name).join(', ')}`,
    );
    before = await snapshot(guests);
    await daemon.start(stage.policy);
    const plan = await daemon.client.plan();
    const hogs = HOGS_PER_CORE * coreCount();
    say(
      `vmcd keeps them within the policy; half-way the owner starts ${hogs} CPU hogs on ${coreCount()} cores\n`,
    );
    const fromMs = Date.now();
    const { readings, ownerCameMs } = await watch(daemon, guests, owner, options.seconds, interrupted);
    const samples = await daemon.client.samples(FORECAST_SIGNAL, { fromMs });
    await daemon.stop();
    const outcome = judge(readings, samples, ownerCameMs, (await snapshot(guests)) === before);
    say(renderOutcome(outcome, nameModes(plan), colors));
    return outcome;
  } catch (error) {
    if (daemon.lost === null) throw error;
    const back = await becomesTrue(async () => (await snapshot(guests)) === before, GUARDIAN_MS);
    throw new Error(
      `vmcd was ${daemon.lost}; its guardian ${back ? 'gave everything back' : 'left something behind'}`,
    );
  } finally {
    owner.stop();
    await daemon.stop();
    await Promise.all(guests.map((guest) => guest.stop()));
  }
}

/** Asked before half a minute is spent. */
function canWrite(file: string): boolean {
  try {
    closeSync(openSync(file, 'a'));
    return true;
  } catch (error) {
    process.stderr.write(`demo: cannot write ${file}: ${(error as Error).message}\n`);
    return false;
  }
}

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  if (options?.json && !canWrite(options.json)) return 4;
  if (!options) {
    process.stderr.write(USAGE);
    return 3;
  }
  const interrupt = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupt.abort());
  try {
    const outcome = await perform(options, interrupt.signal);
    if (outcome && options.json) writeFileSync(options.json, `${JSON.stringify(outcome, null, 2)}\n`);
    return outcome?.ok ? 0 : 1;
  } catch (error) {
    if (interrupt.signal.aborted) {
      say('\ninterrupted: everything was given back');
      return 130;
    }
    process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
    return 4;
  }
}

void main().then((code) => {
  process.exitCode = code;
});
