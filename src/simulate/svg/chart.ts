import { at, escaped } from './svg-text.js';

/** A panel of the timeline: where it is, and how cores become heights. */
export interface Panel {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** At its upper edge. */
  readonly most: number;
}

/** A curve as steps, one a bin; with `fill` the area under it. */
export function stepPath(values: ArrayLike<number>, panel: Panel, fill: boolean): string {
  const { left, top, width, height, most } = panel;
  const y = (value: number) => at(top + height * (1 - Math.min(1, value / most)));
  const x = (bin: number) => at(left + (width * bin) / values.length);
  const parts: string[] = [
    fill ? `M${x(0)} ${at(top + height)}V${y(values[0] ?? 0)}` : `M${x(0)} ${y(values[0] ?? 0)}`,
  ];
  for (let bin = 1; bin < values.length; bin++) {
    // Equal steps are one line.
    if (values[bin] !== values[bin - 1]) parts.push(`H${x(bin)}V${y(values[bin] ?? 0)}`);
  }
  parts.push(`H${x(values.length)}`);
  if (fill) parts.push(`V${at(top + height)}Z`);
  return parts.join('');
}

/** The frame of a panel with its name, and lines at nothing, half and all of its height. */
export function frame({ left, top, width, height, most }: Panel, name: string): string {
  const lines = [0, 0.5, 1].map((part) => {
    const y = at(top + height * (1 - part));
    const label = `<text class="axis" x="${at(left - 6)}" y="${at(Number(y) + 3.5)}" text-anchor="end">${number(most * part)}</text>`;
    return `<path class="grid" d="M${at(left)} ${y}H${at(left + width)}"/>${label}`;
  });
  return `<text class="name" x="${at(left)}" y="${at(top - 7)}">${escaped(name)}</text>${lines.join('')}`;
}

const number = (value: number): string => String(Number(value.toPrecision(3)));

/** An upper edge that reads well and leaves `most` below it. */
export function niceMost(most: number): number {
  if (most <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [1, 2, 3, 4, 5, 6, 8, 10].find((one) => one * power >= most - 1e-9) ?? 10;
  return step * power;
}
