import { count } from '../render/count.js';
import { guestTable } from './guest-table.js';
import { type Line, renderLine, span } from './line.js';
import type { Look } from './paint.js';
import {
  conditionLines,
  demandLines,
  eventLines,
  findingLines,
  modeLines,
  ruleLine,
  titleLine,
} from './panels.js';
import type { TopState } from './top-state.js';

/** A frame: just as many lines as the terminal has rows, none longer than it is wide. */
export interface Frame {
  readonly lines: readonly string[];
  /** Rows of the list of guests, and how many of them are in sight. */
  readonly rows: number;
  readonly page: number;
}

const LEAST_GUEST_ROWS = 3;

/** What `vmc top` shows of a state. Pure. */
export function renderTop(state: TopState, look: Look): Frame {
  const { rows: height } = look;
  const guests = state.status?.guests ?? [];
  const table = guestTable(guests, state.order, look);
  const head = [
    titleLine(state, look),
    ...modeLines(state, look),
    ...optional(conditionLines(state, look), height, 14),
    ...demandLines(state, look),
  ];
  if (height === null) {
    const lines = [...head, table.head, ...table.rows, ...below(state, look, 1000, 10)];
    return { lines: shown(lines, look), rows: table.rows.length, page: table.rows.length };
  }
  if (state.help)
    return {
      lines: filled(shown([titleLine(state, look), ...helpLines(look)], look), height),
      rows: 0,
      page: 0,
    };
  const footer = footerLine(state, look);
  const left = height - head.length - 2;
  const wanted = Math.max(LEAST_GUEST_ROWS, Math.min(table.rows.length, Math.ceil(left * GUEST_PART)));
  const room = left - Math.min(wanted, Math.max(table.rows.length, 1));
  const findings = Math.min(MOST_FINDINGS, Math.max(0, Math.ceil((room - 2) / 2)));
  const more = below(state, look, findings, Number.POSITIVE_INFINITY, room);
  const page = Math.max(0, left - more.length);
  const scroll = Math.min(state.scroll, Math.max(0, table.rows.length - page));
  const visibleRows = table.rows.length === 0 ? [noGuests(look)] : table.rows.slice(scroll, scroll + page);
  const body = filled(shown([...head, table.head, ...visibleRows], look), height - more.length - 1);
  return {
    lines: [...body, ...shown([...more, footer], look)].slice(0, height),
    rows: table.rows.length,
    page,
  };
}

/** Guests may have so much of the room where there are that many. */
const GUEST_PART = 0.65;
const MOST_FINDINGS = 6;

/** Findings and events, in at most `room` lines. */
function below(
  state: TopState,
  look: Look,
  mostFindings: number,
  mostEvents: number,
  room = Number.POSITIVE_INFINITY,
): readonly Line[] {
  const findings = mostFindings > 0 ? findingLines(state, mostFindings, look) : [];
  const withFindings = findings.length > 0 ? [ruleLine('findings', look), ...findings] : [];
  const left = Math.min(mostEvents, room - withFindings.length - 1);
  const events = left > 0 ? eventLines(state, left, look) : [];
  return [...withFindings, ...(events.length > 0 ? [ruleLine('events', look), ...events] : [])];
}

const optional = (lines: readonly Line[], height: number | null, least: number): readonly Line[] =>
  height === null || height >= least ? lines : [];

const noGuests = ({ colors }: Look): Line => [span(' no guests', colors.dim)];

function footerLine({ status, order }: TopState, { colors }: Look): Line {
  const guests = count(status?.guests.length ?? 0, 'guest');
  const findings = status?.findings.length ?? 0;
  return [
    span(` ${guests}`),
    ...(findings > 0 ? [span(`, ${count(findings, 'finding')}`, colors.yellow)] : []),
    span(`  order: ${order}`, colors.dim),
    span('   q quit  s order  ? help', colors.dim),
  ];
}

const HELP: readonly (readonly [string, string])[] = [
  ['q', 'quit'],
  ['s', 'another order: policy, worst kept, CPU, name'],
  ['arrows, PgUp, PgDn, Home, End', 'move in the list of guests'],
  ['?', 'this page; any key puts it away'],
  ['', ''],
  ['promised, delivered', 'cores, or part of the time or of what siblings got'],
  ['green', 'kept'],
  ['yellow', 'less than promised, or not wanted by the guest'],
  ['cyan', 'below a limit'],
  ['red', 'above it, or not in force'],
  ['owner.demand', 'past and forecast of what the owner wants of the CPU'],
];

const helpLines = ({ colors, glyphs, columns }: Look): readonly Line[] => [
  [],
  ...HELP.map(
    ([key, text]): Line => [
      span(` ${key.padEnd(Math.min(30, Math.floor(columns / 2)))}`, colors.bold),
      span(text),
    ],
  ),
  [
    span(` ${glyphs.running} `, colors.green),
    span('runs  '),
    span(`${glyphs.held} `, colors.yellow),
    span('held by its duty cycle  '),
    span(`${glyphs.stopped} `, colors.red),
    span('stopped by its user'),
  ],
];

const shown = (lines: readonly Line[], { columns, glyphs }: Look): readonly string[] =>
  lines.map((line) => renderLine(line, columns, glyphs.ellipsis));

const filled = (lines: readonly string[], rows: number): readonly string[] => [
  ...lines.slice(0, Math.max(0, rows)),
  ...Array.from({ length: Math.max(0, rows - lines.length) }, () => ''),
];
