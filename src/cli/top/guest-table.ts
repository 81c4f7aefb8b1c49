import type { Control, GuestStatus, Measure } from '../../api/client.js';
import { visible } from '../../support/terminal-text.js';
import type { Colors } from '../colors.js';
import { amountText, promiseText } from '../render/measure.js';
import { bar, type Glyphs } from './glyphs.js';
import { inColumns, type Line, type Span, span } from './line.js';
import type { Look } from './paint.js';
import type { SortOrder } from './top-state.js';

/** A line of the table: a guest with its first control, or one more control of the guest above. */
interface Row {
  readonly guest: GuestStatus;
  readonly first: boolean;
  readonly control: Control | null;
}

interface Column {
  readonly title: string;
  readonly columns: number;
  readonly right?: true;
  readonly cell: (row: Row, columns: number) => Span | Line;
}

/** The table of all guests: its header, and a line for each control. */
export function guestTable(
  guests: readonly GuestStatus[],
  order: SortOrder,
  look: Look,
): { readonly head: Line; readonly rows: readonly Line[] } {
  const columns = columnsFor(look);
  const rows = ordered(guests, order).flatMap(rowsOf);
  const { bold } = look.colors;
  return {
    head: lineOf(columns, ({ title, columns: width, right }) =>
      span(inColumns(title, width, { ellipsis: '', ...(right && { right }) }), bold),
    ),
    rows: rows.map((row) => lineOf(columns, (one) => one.cell(row, one.columns))),
  };
}

const lineOf = (columns: readonly Column[], cellOf: (column: Column) => Span | Line): Line =>
  columns.flatMap((column, at) => [...(at === 0 ? [] : [span(' ')]), cellOf(column)].flat());

/** What holds for all guests alike and promises this one nothing says nothing about it. */
function rowsOf(guest: GuestStatus): readonly Row[] {
  const telling = guest.controls.filter(({ measure, setting }) => measure || setting.subject !== 'guests');
  const controls: readonly (Control | null)[] = telling.length > 0 ? telling : [null];
  return controls.map((control, at) => ({ guest, first: at === 0, control }));
}

/** How much of its promise a control gets, 1 for all; null: nothing is promised, or measured yet. */
export function keptPart(measure: Measure | null | undefined): number | null {
  const promised = measure?.promised;
  const delivered = measure?.delivered10s ?? measure?.deliveredInMode;
  if (!promised || delivered === null || delivered === undefined) return null;
  return delivered / promised;
}

/** Those with what is not in force or above its limit first, then those that get the least of what they are to get. */
const worstOf = ({ controls }: GuestStatus): number =>
  Math.min(
    ...controls.map(({ measure, inForce }) => {
      if (!inForce) return -1;
      const part = keptPart(measure) ?? 1;
      if (measure?.bound === 'at-most') return part > 1 + TOLERANCE ? 0 : 1;
      return Math.min(part, 1);
    }),
    1,
  );

const nameOf = ({ name, pid }: GuestStatus): string => visible(name ?? `${pid}`);

function ordered(guests: readonly GuestStatus[], order: SortOrder): readonly GuestStatus[] {
  const byName = (a: GuestStatus, b: GuestStatus) =>
    nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0;
  switch (order) {
    case 'policy':
      return guests;
    case 'name':
      return [...guests].sort(byName);
    case 'cpu':
      return [...guests].sort((a, b) => (b.cpuCores10s ?? 0) - (a.cpuCores10s ?? 0) || byName(a, b));
    case 'worst':
      return [...guests].sort((a, b) => worstOf(a) - worstOf(b) || byName(a, b));
  }
}

/** Columns by what there is room for; the bar takes the rest. */
function columnsFor(look: Look): readonly Column[] {
  const { columns: width, colors, glyphs } = look;
  const wide = width >= 100;
  const medium = width >= 70;
  const chosen: readonly Column[] = [
    state(colors, glyphs),
    guestName(wide ? 20 : medium ? 15 : 14, glyphs),
    ...(medium ? [className(wide ? 12 : 9, glyphs)] : []),
    cpu(),
    ...(medium ? [setting(wide ? 22 : 19, colors, glyphs)] : []),
    ...(wide ? [promised()] : []),
    delivered(wide ? 9 : 6),
  ];
  const used = chosen.reduce((sum, one) => sum + one.columns + 1, 0);
  const rest = Math.max(0, width - used - PERCENT - 1);
  return [...chosen, keptBar(Math.min(rest, MOST_BAR), colors, glyphs), percent(colors)];
}

const PERCENT = 5;
const MOST_BAR = 40;
const EMPTY = '';

const state = (colors: Colors, glyphs: Glyphs): Column => ({
  title: '',
  columns: 1,
  cell: ({ guest, first }) => {
    if (!first) return span(' ');
    if (guest.state === 'running') return span(glyphs.running, colors.green);
    return guest.state === 'held' ? span(glyphs.held, colors.yellow) : span(glyphs.stopped, colors.red);
  },
});

const guestName = (columns: number, { ellipsis }: Glyphs): Column => ({
  title: 'guest',
  columns,
  cell: ({ guest, first }, width) => span(inColumns(first ? nameOf(guest) : EMPTY, width, { ellipsis })),
});

const className = (columns: number, { ellipsis }: Glyphs): Column => ({
  title: 'class',
  columns,
  cell: ({ guest, first }, width) =>
    span(inColumns(first ? visible(guest.class ?? 'others') : EMPTY, width, { ellipsis })),
});

const cpu = (): Column => ({
  title: 'CPU',
  columns: 5,
  right: true,
  cell: ({ guest, first }, width) =>
    span(inColumns(first ? (guest.cpuCores10s?.toFixed(2) ?? '-') : EMPTY, width, { right: true })),
});

const setting = (columns: number, colors: Colors, { ellipsis, warning }: Glyphs): Column => ({
  title: 'kept by',
  columns,
  cell: ({ control }, width) => {
    if (control === null) return span(inColumns('-', width), colors.dim);
    const { summary, inForce } = control;
    const text = inColumns(inForce ? summary : `${warning} ${summary}`, width, { ellipsis });
    return inForce ? span(text) : span(text, colors.red);
  },
});

const promised = (): Column => ({
  title: 'promised',
  columns: 8,
  right: true,
  cell: ({ control }, width) =>
    span(inColumns(control?.measure ? promiseText(control.measure) : '-', width, { right: true })),
});

const delivered = (columns: number): Column => ({
  title: columns < 'delivered'.length ? 'gets' : 'delivered',
  columns,
  right: true,
  cell: ({ control }, width) => {
    const measure = control?.measure;
    const value = measure?.delivered10s ?? measure?.deliveredInMode ?? null;
    const text =
      measure && measure.unit !== 'cores' ? amountText(value, measure.unit) : (value?.toFixed(2) ?? '-');
    return span(inColumns(text, width, { right: true }));
  },
});

/** Green: kept. Yellow: less than promised, which is no miss where the guest did not want it. Red: over a limit, or not in force. */
function paintOf({ control }: Row, colors: Colors): Span['paint'] {
  const part = keptPart(control?.measure);
  if (control === null || part === null) return colors.dim;
  if (!control.inForce) return colors.red;
  if (control.measure?.bound === 'at-most') return part <= 1 + TOLERANCE ? colors.cyan : colors.red;
  return part >= 1 - TOLERANCE ? colors.green : colors.yellow;
}
const TOLERANCE = 0.02;

const keptBar = (columns: number, colors: Colors, glyphs: Glyphs): Column => ({
  title: 'of promised',
  columns,
  cell: (row, width) => {
    const part = keptPart(row.control?.measure);
    if (part === null) return span(' '.repeat(width));
    const { filled, rest } = bar(part, width, glyphs);
    return [span(filled, paintOf(row, colors)), span(rest, colors.dim)];
  },
});

const percent = (colors: Colors): Column => ({
  title: '',
  columns: PERCENT,
  right: true,
  cell: (row, width) => {
    const part = keptPart(row.control?.measure);
    const text = part === null ? EMPTY : `${Math.min(999, Math.round(part * 100))}%`;
    return span(inColumns(text, width, { right: true }), paintOf(row, colors));
  },
});
