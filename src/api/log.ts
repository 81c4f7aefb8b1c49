import { type DestinationStream, type Logger, pino } from 'pino';
import { visible } from '../support/terminal-text.js';

const LABELS: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};

/** The daemon's log on `stream`: a line of JSON each, or of text on a terminal. */
export function createLog(stream: { readonly isTTY?: boolean; write(text: string): unknown }): Logger {
  const destination: DestinationStream = stream.isTTY
    ? { write: (line) => void stream.write(asText(line)) }
    : { write: (line) => void stream.write(line) };
  return pino({ name: 'vmcd', base: { pid: process.pid } }, destination);
}

/** `12:34:56 info  enforcing demo {"mode":"calm"}` from pino's line of JSON. */
function asText(line: string): string {
  const { time, level, msg, name, pid, ...rest } = JSON.parse(line) as Record<string, unknown>;
  const clock = new Date(Number(time)).toTimeString().slice(0, 8);
  const details = Object.keys(rest).length === 0 ? '' : ` ${JSON.stringify(rest)}`;
  return `${clock} ${(LABELS[Number(level)] ?? 'info').padEnd(5)} ${visible(`${String(msg)}${details}`)}\n`;
}
