import type { EnforcerEvent, ForecastAnswer, Status } from '../../api/client.js';
import { formatDuration } from '../../support/duration.js';
import { visible } from '../../support/terminal-text.js';
import { count } from '../render/count.js';
import { sparkline } from './glyphs.js';
import { inColumns, type Line, span, widthOf } from './line.js';
import type { Look } from './paint.js';
import type { TopState } from './top-state.js';

const NS_PER_MS = 1_000_000n;

/** "2min 5s" would be two numbers: the whole of the largest unit that fits is enough to go by. */
export function ago(fromMs: number, toMs: number): string {
  const s = Math.max(0, Math.floor((toMs - fromMs) / 1000));
  const whole = s < 120 ? s : s < 7200 ? s - (s % 60) : s < 172_800 ? s - (s % 3600) : s - (s % 86_400);
  return formatDuration(BigInt(whole * 1000) * NS_PER_MS);
}

export const clockOf = (atMs: number): string => new Date(atMs).toTimeString().slice(0, 8);

/** The name of the policy on the left, the time on the right. */
export function titleLine(
  { status, nowMs }: TopState,
  { columns, colors, glyphs: { ellipsis } }: Look,
): Line {
  const time = clockOf(nowMs);
  const left = ` vmc top  ${status ? visible(status.policy.name) : ''}`;
  const text = inColumns(left, columns - widthOf(time) - 1, { ellipsis }) + time;
  return [span(inColumns(text, columns), colors.inverse)];
}

/** The mode, since when, and what brought it about. */
export function modeLines({ status, lost, nowMs }: TopState, { colors }: Look): readonly Line[] {
  if (lost) {
    const since = `for ${ago(lost.sinceMs, nowMs)}`;
    return [[span(` no answer ${since}: `, colors.red), span(`${visible(lost.message)}; asking again`)]];
  }
  if (!status) return [[span(' waiting for the first answer', colors.dim)]];
  const { mode, atMs } = status;
  if (!mode) return [[span(' no mode yet', colors.dim)]];
  const settling = mode.settling ? [span(' (settling)', colors.yellow)] : [];
  return [
    [
      span(' mode ', colors.dim),
      span(visible(mode.id), colors.bold),
      span(` for ${ago(mode.sinceMs, atMs)}`),
      ...settling,
      ...whyOf(mode),
    ],
  ];
}

function whyOf({ causes }: NonNullable<Status['mode']>): Line {
  const [first] = causes;
  if (!first) return [];
  const samples = first.atoms.flatMap(({ text, sample }) =>
    sample === null ? [] : `${visible(text)} (was ${Number(sample.toFixed(1))})`,
  );
  const said = samples.length > 0 ? samples.join(', ') : visible(first.text);
  const truth = first.to === 'unknown' ? 'is unknown' : first.to ? 'holds' : 'does not hold';
  return [span(`, because ${said} ${truth}`)];
}

/** Conditions by what they are now. */
export function conditionLines({ status }: TopState, { colors, glyphs }: Look): readonly Line[] {
  if (!status || status.conditions.length + status.switches.length === 0) return [];
  const conditions = status.conditions.flatMap(({ text, value }) => [
    span(
      value === 'unknown' ? ' ? ' : value ? ' + ' : ' - ',
      value === 'unknown' ? colors.yellow : value ? colors.green : colors.dim,
    ),
    span(visible(text), value === true ? colors.bold : colors.dim),
    span(` ${glyphs.separator}`, colors.dim),
  ]);
  const switches = status.switches.flatMap(({ name, on }) => [
    span(` switch ${visible(name)} `, colors.dim),
    span(on ? 'on' : 'off', on ? colors.green : colors.dim),
    span(` ${glyphs.separator}`, colors.dim),
  ]);
  return [[...conditions, ...switches].slice(0, -1)];
}

const PERCENT = 100;

/** Narrower than this there is room for the past alone. */
const OUTLOOK_COLUMNS = 60;

/** What the owner wanted, wants, and will: past on the left of the bar, forecast on the right. */
export function demandLines(
  { history, forecast }: TopState,
  { columns, colors, glyphs }: Look,
): readonly Line[] {
  const now = history.at(-1) ?? null;
  const label = ' owner.demand ';
  const outlook = columns < OUTLOOK_COLUMNS ? '' : outlookOf(forecast);
  const numbers = ` ${now === null ? 'unknown' : `${Math.round(now)}%`}`;
  const room = columns - widthOf(label) - widthOf(numbers) - widthOf(outlook) - 2;
  const ahead = outlook === '' ? 0 : Math.min(Math.floor(room / 3), forecast?.steps.length ?? 0);
  const past = Math.max(0, Math.min(room - ahead - 1, history.length, MOST_HISTORY));
  const steps = (forecast?.steps ?? []).slice(0, ahead).map(({ mean }) => mean);
  return [
    [
      span(label, colors.dim),
      span(past === 0 ? '' : sparkline(history.slice(-past), PERCENT, glyphs), colors.cyan),
      span(numbers, colors.bold),
      ...(outlook === ''
        ? []
        : [
            span(` ${glyphs.more}`, colors.dim),
            span(sparkline(steps, PERCENT, glyphs), colors.yellow),
            span(outlook),
          ]),
    ],
  ];
}

/** A minute of it is enough to see where it goes. */
const MOST_HISTORY = 60;

function outlookOf(forecast: ForecastAnswer | null): string {
  const last = forecast?.steps.at(-1);
  if (!forecast?.average || !last) return '';
  const { mean, lower, upper } = forecast.average;
  const over = formatDuration(last.horizonNs);
  return ` next ${over} ${Math.round(mean)}% (${Math.round(lower)} to ${Math.round(upper)}%)`;
}

/** What is not as it should be, the worst first; one line each, the last says how many more. */
export function findingLines({ status }: TopState, most: number, look: Look): readonly Line[] {
  const { colors } = look;
  const all = [...(status?.findings ?? [])].sort((a, b) => RANK[a.severity] - RANK[b.severity]);
  const shown = all.length > most ? all.slice(0, Math.max(0, most - 1)) : all;
  const lines = shown.map(({ severity, message, sinceMs }): Line => {
    const paint = severity === 'error' ? colors.red : severity === 'warning' ? colors.yellow : colors.dim;
    const since = ago(sinceMs, status?.atMs ?? sinceMs);
    return [
      span(` ${severity.padEnd(7)} `, paint),
      span(`${since.padStart(5)}  `, colors.dim),
      span(visible(message)),
    ];
  });
  if (shown.length === all.length) return lines;
  return [...lines, [span(` ${count(all.length - shown.length, 'more finding')}: vmc status`, colors.dim)]];
}

const RANK: Readonly<Record<Status['findings'][number]['severity'], number>> = {
  error: 0,
  warning: 1,
  note: 2,
};

/** What happened last, the newest at the bottom. */
export const eventLines = ({ events }: TopState, most: number, { colors }: Look): readonly Line[] =>
  (most > 0 ? events.slice(-most) : []).map((event) => [
    span(` ${clockOf(event.atMs)}  `, colors.dim),
    span(visible(event.message), paintOfKind(event.kind, colors)),
  ]);

function paintOfKind(
  kind: EnforcerEvent['kind'],
  colors: Look['colors'],
): ((text: string) => string) | undefined {
  if (kind === 'finding') return colors.yellow;
  return kind === 'mode-changed' ? colors.bold : undefined;
}

/** A heading with a rule to the right edge. */
export function ruleLine(title: string, { columns, colors, glyphs }: Look): Line {
  const before = glyphs.rule.repeat(2);
  const after = glyphs.rule.repeat(Math.max(0, columns - widthOf(before) - widthOf(title) - 2));
  return [span(before, colors.dim), span(` ${title} `, colors.bold), span(after, colors.dim)];
}
