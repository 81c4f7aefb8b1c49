import type { EnforcerEvent } from '../../enforce/status.js';
import { visible } from '../../support/terminal-text.js';
import type { Colors } from '../colors.js';

/** An event for people, on one line. */
export function renderEvent({ atMs, kind, message }: EnforcerEvent, colors: Colors): string {
  const word = kind.padEnd('plan-replaced'.length);
  const kindOf =
    kind === 'finding' ? colors.yellow(word) : kind === 'mode-changed' ? colors.bold(word) : word;
  return `${colors.dim(localTime(atMs))}  ${kindOf}  ${visible(message)}`;
}

/** `2026-11-23 10:00:00` where this is run. */
export function localTime(atMs: number): string {
  const at = new Date(atMs);
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}
