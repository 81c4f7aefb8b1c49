import type { Colors } from '../src/cli/colors.js';
import { renderStatus } from '../src/cli/render/status.js';
import type { Reading } from './recording.js';

/** The state of the host, redrawn in place once a second on a terminal; elsewhere one line every five seconds. */
export class LiveTable {
  #drawnLines = 0;
  #calls = 0;

  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly colors: Colors,
  ) {}

  show(reading: Reading, secondsLeft: number): void {
    if (this.stream.isTTY)
      this.#redraw(`${renderStatus(reading.status, this.colors)}\n${footer(reading, secondsLeft)}\n`);
    else if (this.#calls++ % 5 === 0) this.stream.write(`${line(reading, secondsLeft)}\n`);
  }

  /** What is written from now on stands below the last table. */
  finish(): void {
    this.#drawnLines = 0;
    this.stream.write('\n');
  }

  #redraw(text: string): void {
    const width = this.stream.columns || 80;
    // In one write, so that nobody sees the table gone.
    const back = this.#drawnLines > 0 ? `\u001b[${this.#drawnLines}A\u001b[J` : '';
    this.stream.write(back + text);
    this.#drawnLines = rowsOf(text, width);
  }
}

/** Lines longer than the terminal take several of its rows. */
function rowsOf(text: string, width: number): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ESC starts a terminal's colour sequence.
  const plain = text.replace(/\u001b\[[0-9;]*m/g, '');
  return plain
    .split('\n')
    .slice(0, -1)
    .reduce((rows, row) => rows + Math.max(1, Math.ceil(row.length / width)), 0);
}

function footer(reading: Reading, secondsLeft: number): string {
  return `\n${describeForecast(reading)}\n${secondsLeft} s left; \`vmc status\` in another terminal shows the same`;
}

function line(reading: Reading, secondsLeft: number): string {
  const guests = reading.status.guests.map(
    ({ name, pid, cpuCores10s }) => `${name ?? pid} ${cpuCores10s === null ? '-' : cpuCores10s.toFixed(2)}`,
  );
  return `  ${String(secondsLeft).padStart(2)} s left, mode ${reading.mode}; cores over the last 10 s: ${guests.join(', ')}`;
}

function describeForecast({ forecast }: Reading): string {
  const step = forecast?.steps.at(-1);
  if (!forecast || !step) return 'owner.demand: no forecast yet';
  const now = `${forecast.model ?? 'no model'}, ${forecast.samples} samples`;
  return `owner.demand in 10 s: ${step.mean.toFixed(0)}% of cpu, 95% sure of ${step.lower.toFixed(0)}–${step.upper.toFixed(0)}% (${now})`;
}
