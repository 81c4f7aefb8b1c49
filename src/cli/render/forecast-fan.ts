import type { IntervalForecast } from '../../rps/backtest/forecaster.js';
import { at, escaped, shortened } from '../../simulate/svg/svg-text.js';

/** A forecast with its intervals of 80% and 95%, against what came. */
export interface ForecastFan {
  readonly series: string;
  /** Place in the series of the first sample that was not known. */
  readonly origin: number;
  /** The samples before it, oldest first, at least one. */
  readonly known: Float64Array;
  /** [h − 1]: h steps ahead; at least one. */
  readonly forecast: readonly IntervalForecast[];
  /** What came, as far as it has. */
  readonly outcomes: Float64Array;
}

const [WIDTH, HEIGHT] = [860, 420];
const [LEFT, RIGHT, TOP, BOTTOM] = [64, 20, 62, 58];
const MOST_TICKS = 6;
/** Steps of an axis, times a power of ten. */
const NICE = [1, 2, 2.5, 5, 10];

interface Palette {
  readonly ground: string;
  readonly text: string;
  readonly soft: string;
  readonly grid: string;
  readonly wide: string;
  readonly narrow: string;
  readonly mean: string;
  readonly came: string;
}

const LIGHT: Palette = {
  ...{ ground: '#ffffff', text: '#1f2937', soft: '#4b5563', grid: '#e5e7eb' },
  ...{ wide: '#d3e3fc', narrow: '#93bdf7', mean: '#1d4ed8', came: '#c2410c' },
};
const DARK: Palette = {
  ...{ ground: '#111827', text: '#f3f4f6', soft: '#c3c9d2', grid: '#374151' },
  ...{ wide: '#1e3a6e', narrow: '#2f5fae', mean: '#a5c8ff', came: '#fb923c' },
};

const coloured = ({ ground, text, soft, grid, wide, narrow, mean, came }: Palette): string =>
  [
    `.ground{fill:${ground}}text{fill:${soft}}.title{fill:${text}}.grid{stroke:${grid}}.origin{stroke:${soft}}`,
    `.wide{fill:${wide}}.narrow{fill:${narrow}}.mean{stroke:${mean}}.known{stroke:${text}}.came{stroke:${came}}.dot{fill:${came}}`,
  ].join('');

/** Dark for those who prefer it; without variables, which not every viewer of SVG knows. */
const STYLE = [
  'text{font-family:system-ui,sans-serif;font-size:12px}.title{font-size:16px;font-weight:600}',
  '.origin{stroke-dasharray:3 3}.line{fill:none;stroke-width:1.8;stroke-linejoin:round}',
  coloured(LIGHT),
  `@media (prefers-color-scheme:dark){${coloured(DARK)}}`,
].join('');

/** SVG, standalone. */
export function renderForecastFan(fan: ForecastFan): string {
  const { series, origin, known, forecast, outcomes } = fan;
  const [x, y, values] = scalesOf(fan);
  const last = known.at(-1)!;
  const ahead = (h: number, value: number) => `${x(h)} ${y(value)}`;
  // Every line and band begins at the last sample known.
  const line = (points: ArrayLike<number>) =>
    `M${ahead(0, last)}${Array.from(points, (value, i) => `L${ahead(i + 1, value)}`).join('')}`;
  const band = (which: 0 | 1) => {
    const upper = forecast.map(({ intervals }) => intervals[which].upper);
    const lower = forecast.map(({ intervals }, i) => `L${ahead(i + 1, intervals[which].lower)}`);
    return `${line(upper)}${lower.reverse().join('')}Z`;
  };
  const past = Array.from(known, (value, i) => ahead(i - known.length + 1, value)).join('L');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">`,
    `<title>${escaped(series)}: forecast from ${origin} on, and what came</title><style>${STYLE}</style>`,
    '<rect class="ground" width="100%" height="100%"/>',
    `<text class="title" x="${LEFT}" y="26">${escaped(shortened(series, 70))}, forecast after ${origin} samples</text>`,
    legend(outcomes.length > 0),
    ...values.map(
      (value) =>
        `<path class="grid" d="M${LEFT} ${y(value)}H${WIDTH - RIGHT}"/><text x="${LEFT - 8}" y="${at(Number(y(value)) + 4)}" text-anchor="end">${Number(value.toPrecision(6))}</text>`,
    ),
    ...ticksBetween(1 - known.length, forecast.length).map(
      (h) =>
        `<text x="${x(h)}" y="${HEIGHT - BOTTOM + 20}" text-anchor="middle">${h > 0 ? '+' : ''}${h}</text>`,
    ),
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 14}" text-anchor="middle">samples from the last one known</text>`,
    `<path class="wide" d="${band(1)}"/><path class="narrow" d="${band(0)}"/>`,
    `<path class="origin" d="M${x(0)} ${TOP}V${HEIGHT - BOTTOM}"/>`,
    `<path class="line known" d="M${past}"/>`,
    `<path class="line mean" d="${line(forecast.map(({ mean }) => mean))}"/>`,
    ...(outcomes.length > 0 ? [`<path class="line came" d="${line(outcomes)}"/>`] : []),
    ...Array.from(outcomes, (value, i) => `<circle class="dot" cx="${x(i + 1)}" cy="${y(value)}" r="2.6"/>`),
    '</svg>\n',
  ].join('');
}

type Scale = (value: number) => string;

/** From steps to x, from values to y, and the values that lines are drawn at. */
function scalesOf({ known, forecast, outcomes }: ForecastFan): [Scale, Scale, number[]] {
  const limits = forecast.flatMap(({ intervals }) => [intervals[1].lower, intervals[1].upper]);
  const all = [...known, ...outcomes, ...limits];
  const ticks = ticksBetween(Math.min(...all), Math.max(...all), true);
  const [least, most] = [ticks[0]!, ticks.at(-1)!];
  const first = 1 - known.length;
  const x = (step: number) =>
    at(LEFT + ((WIDTH - LEFT - RIGHT) * (step - first)) / (forecast.length - first));
  const y = (value: number) =>
    at(HEIGHT - BOTTOM - ((HEIGHT - TOP - BOTTOM) * (value - least)) / (most - least));
  return [x, y, ticks];
}

/** Round numbers between two, or around them. */
function ticksBetween(least: number, most: number, around = false): number[] {
  const span = Math.max(most - least, 1e-9 * Math.max(1, Math.abs(most)));
  const power = 10 ** Math.floor(Math.log10(span / MOST_TICKS));
  const step = power * (NICE.find((one) => one * power * MOST_TICKS >= span) ?? 10);
  const [from, to] = around
    ? [Math.floor(least / step), Math.ceil(most / step)]
    : [Math.ceil(least / step), Math.floor(most / step)];
  return Array.from({ length: Math.max(1, to - from) + 1 }, (_, i) => (from + i) * step);
}

function legend(cameToo: boolean): string {
  const entries = [
    ['<path class="line known" d="M0 -4H18"/>', 'known'],
    ['<path class="line mean" d="M0 -4H18"/>', 'forecast'],
    ['<rect class="narrow" y="-10" width="18" height="11"/>', '80% limits'],
    ['<rect class="wide" y="-10" width="18" height="11"/>', '95% limits'],
    ...(cameToo
      ? [['<path class="line came" d="M0 -4H18"/><circle class="dot" cx="9" cy="-4" r="2.6"/>', 'what came']]
      : []),
  ];
  return entries
    .map(
      ([mark, name], i) =>
        `<g transform="translate(${LEFT + i * 108} 48)">${mark}<text x="24">${name}</text></g>`,
    )
    .join('');
}
