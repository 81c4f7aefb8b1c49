import { setTimeout as delay } from 'node:timers/promises';
import { type Client, DaemonError } from '../../api/client.js';
import type { Colors } from '../colors.js';
import type { Glyphs } from './glyphs.js';
import { keysIn } from './keys.js';
import { EVENTS_MS, lookAtDaemon, withEvent } from './poll-daemon.js';
import { renderTop } from './render-top.js';
import { Screen } from './screen.js';
import { EMPTY_STATE, pressed, type TopState } from './top-state.js';

/** The terminal as `vmc top` uses it. */
export interface Terminal {
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
}

const INTERVAL_MS = 1000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Shows the daemon on the whole terminal until `q` or a signal. However it ends, the terminal is as it was. A daemon that goes
 * away is waited for. Rejects with a DaemonError where there is none to begin with.
 */
export async function runTop(
  client: Client,
  { input, output }: Terminal,
  look: { readonly colors: Colors; readonly glyphs: Glyphs },
): Promise<void> {
  // Whether there is a daemon is said on the screen as it is.
  let state: TopState = { ...EMPTY_STATE, ...(await lookAtDaemon(client)), nowMs: Date.now() };
  const screen = new Screen((text) => output.write(text));
  const ended = new AbortController();
  const end = () => ended.abort();
  const frame = () => renderTop(state, { ...look, columns: output.columns || 80, rows: output.rows || 24 });
  const draw = () => screen.draw(frame().lines);
  const update = (change: Partial<TopState>) => {
    state = { ...state, ...change, nowMs: Date.now() };
    draw();
  };

  const onKeys = (piece: Buffer) => {
    for (const key of keysIn(piece.toString('utf8'))) {
      if (key === 'quit') end();
      else if (key === 'suspend') suspend();
      else {
        if (key === 'redraw') screen.forget();
        update(pressed(state, key, frame()));
      }
    }
  };
  const resume = () => {
    if (input.isTTY) input.setRawMode(true);
    screen.enter();
    draw();
  };
  const suspend = () => {
    screen.leave();
    if (input.isTTY) input.setRawMode(false);
    process.kill(process.pid, 'SIGSTOP');
  };
  const resized = () => {
    screen.forget();
    draw();
  };
  const restore = () => {
    screen.leave();
    if (input.isTTY) input.setRawMode(false);
  };

  // Also where something throws that nobody catches.
  process.once('exit', restore);
  process.on('SIGCONT', resume);
  for (const signal of SIGNALS) process.once(signal, end);
  output.on('resize', resized);
  input.on('data', onKeys);
  try {
    resume();
    await Promise.all([
      poll(client, update, ended.signal),
      follow(client, () => state, update, ended.signal),
    ]);
  } finally {
    end();
    input.off('data', onKeys).pause();
    output.off('resize', resized);
    for (const signal of SIGNALS) process.off(signal, end);
    process.off('SIGCONT', resume).off('exit', restore);
    restore();
  }
}

async function poll(
  client: Client,
  update: (change: Partial<TopState>) => void,
  signal: AbortSignal,
): Promise<void> {
  let sinceMs: number | null = null;
  for (;;) {
    await delay(INTERVAL_MS, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    try {
      update({ ...(await lookAtDaemon(client)), lost: null });
      sinceMs = null;
    } catch (error) {
      if (!(error instanceof DaemonError)) throw error;
      sinceMs ??= Date.now();
      update({ lost: { message: error.message, sinceMs } });
    }
  }
}

async function follow(
  client: Client,
  state: () => TopState,
  update: (change: Partial<TopState>) => void,
  signal: AbortSignal,
): Promise<void> {
  const sinceMs = Date.now() - EVENTS_MS;
  for await (const event of client.events({ sinceMs, reconnect: true, signal })) {
    update({ events: withEvent(state().events, event) });
  }
}
