import type { SimulationReport } from '../report/simulation-report.js';
import type { Timeline } from '../report/timeline.js';
import { frame, niceMost, type Panel, stepPath } from './chart.js';
import { at, escaped, shortened } from './svg-text.js';
import { timeAxis } from './time-axis.js';

const WIDTH = 1200;
const LEFT = 62;
const RIGHT = 24;
const HEAD = 64;
const MODES_HEIGHT = 30;
const PANEL_HEIGHT = 88;
const GAP = 40;
const LEGEND_LINE = 20;
/** Modes with a colour of their own: the longest; the others share one. */
const MOST_MODES = 8;
/** Letters of a mode's conditions that fit on a line of the legend. */
const MODE_LETTERS = 150;
/** Colours that people with any kind of colour vision tell apart, light enough to lie beside curves (Tol's "light"). */
const MODE_COLOURS = ['#99ddff', '#eedd88', '#ffaabb', '#44bb99', '#ee8866', '#77aadd', '#bbcc33', '#aaaa00'];
const OTHER_MODES = '#cccccc';
const OWNER = '#c2410c';
const DELIVERED = '#1d4ed8';
const PROMISED = '#15803d';

const STYLE = [
  'text{font-family:system-ui,sans-serif;fill:#1f2937}',
  '.title{font-size:17px;font-weight:600}.name{font-size:13px;font-weight:600}',
  '.small{font-size:12px;fill:#4b5563}.axis{font-size:11px;fill:#6b7280}',
  '.grid{stroke:#e5e7eb;fill:none}.tick{stroke:#9ca3af;stroke-opacity:.35;fill:none}',
  '.line{fill:none;stroke-width:1.4;stroke-linejoin:round}',
].join('');

/** A replay as a picture: modes as bands; what the owner and each class wanted, had and were promised. SVG, standalone. */
export function renderTimeline(timeline: Timeline, report: SimulationReport, zone: string): string {
  const { fromMs, toMs, classes } = timeline;
  const width = WIDTH - LEFT - RIGHT;
  const panelAt = (index: number, most: number): Panel => ({
    left: LEFT,
    top: HEAD + MODES_HEIGHT + GAP + index * (PANEL_HEIGHT + GAP),
    width,
    height: PANEL_HEIGHT,
    most,
  });
  const bottom = panelAt(classes.length, 1).top + PANEL_HEIGHT;
  const whole: Panel = { left: LEFT, top: HEAD, width, height: bottom - HEAD, most: 1 };
  const legend = legendOf(report, bottom + 44);
  const height = legend.bottom + 12;
  const panels = [
    ownerPanel(timeline, panelAt(0, report.cores)),
    ...classes.map((one, index) => classPanel(one, panelAt(index + 1, niceMost(highest(one.wanted))))),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${at(height)}" viewBox="0 0 ${WIDTH} ${at(height)}" role="img">`,
    `<title>${escaped(report.policy)}: ${escaped(report.from)} to ${escaped(report.to)}</title>`,
    `<style>${STYLE}</style><rect width="100%" height="100%" fill="#ffffff"/>`,
    `<text class="title" x="${LEFT}" y="26">${escaped(shortened(report.policy, 80))}</text>`,
    `<text class="small" x="${LEFT}" y="45">${escaped(report.from)} to ${escaped(report.to)}, ${report.cores} cores</text>`,
    `<text class="small" x="${WIDTH - RIGHT}" y="45" text-anchor="end">modes; below, in cores, means over ${escaped(binText(timeline))}</text>`,
    bands(timeline, report, { ...whole, height: MODES_HEIGHT }),
    timeAxis(fromMs, toMs, zone, whole),
    ...panels,
    legend.svg,
    '</svg>\n',
  ].join('\n');
}

function binText({ fromMs, toMs, bins }: Timeline): string {
  const seconds = (toMs - fromMs) / bins / 1000;
  return seconds >= 120
    ? `${Number((seconds / 60).toPrecision(3))} min`
    : `${Number(seconds.toPrecision(3))} s`;
}

function colourOf(report: SimulationReport, mode: string): string {
  const rank = report.modes.findIndex((one) => one.mode === mode);
  return rank >= 0 && rank < MOST_MODES ? (MODE_COLOURS[rank] ?? OTHER_MODES) : OTHER_MODES;
}

/** In each bin modes stand on each other by their part of it; runs of one mode are one rectangle. */
function bands(
  { bins, modes }: Timeline,
  report: SimulationReport,
  { left, top, width, height }: Panel,
): string {
  const order = [...modes.keys()].sort((a, b) => rankOf(report, a) - rankOf(report, b));
  const rects: string[] = [];
  const draw = (mode: string, from: number, to: number, y: number, part: number) => {
    const [x, w] = [left + (width * from) / bins, (width * (to - from)) / bins];
    const place = `x="${at(x)}" y="${at(y)}" width="${at(w)}" height="${at(height * part)}"`;
    rects.push(`<rect ${place} fill="${colourOf(report, mode)}"/>`);
  };
  let run: { readonly mode: string; readonly from: number } | null = null;
  for (let bin = 0; bin <= bins; bin++) {
    const present = bin < bins ? order.filter((mode) => (modes.get(mode)?.[bin] ?? 0) > 1e-9) : [];
    const only = present.length === 1 ? present[0] : undefined;
    if (run !== null && only !== run.mode) {
      draw(run.mode, run.from, bin, top, 1);
      run = null;
    }
    if (only !== undefined) {
      run ??= { mode: only, from: bin };
      continue;
    }
    let y = top;
    for (const mode of present) {
      const part = modes.get(mode)?.[bin] ?? 0;
      draw(mode, bin, bin + 1, y, part);
      y += height * part;
    }
  }
  return `<g shape-rendering="crispEdges">${rects.join('')}</g>`;
}

const rankOf = (report: SimulationReport, mode: string): number =>
  report.modes.findIndex((one) => one.mode === mode);

function ownerPanel({ ownerWanted, ownerDelivered }: Timeline, panel: Panel): string {
  return [
    frame(panel, 'owner'),
    `<path d="${stepPath(ownerDelivered, panel, true)}" fill="${OWNER}" fill-opacity="0.25"/>`,
    line(stepPath(ownerWanted, panel, false), OWNER),
  ].join('');
}

function classPanel(
  { name, wanted, delivered, promised }: Timeline['classes'][number],
  panel: Panel,
): string {
  const isPromised = promised.some((cores) => cores > 0);
  return [
    frame(panel, name),
    `<path d="${stepPath(delivered, panel, true)}" fill="${DELIVERED}" fill-opacity="0.22"/>`,
    line(stepPath(wanted, panel, false), '#9ca3af', '2 3'),
    line(stepPath(delivered, panel, false), DELIVERED),
    isPromised ? line(stepPath(promised, panel, false), PROMISED, '6 3') : '',
  ].join('');
}

const line = (path: string, colour: string, dashes?: string): string =>
  `<path class="line" d="${path}" stroke="${colour}"${dashes === undefined ? '' : ` stroke-dasharray="${dashes}"`}/>`;

const highest = (values: Float64Array): number => values.reduce((most, value) => Math.max(most, value), 0);

function legendOf(report: SimulationReport, top: number): { readonly svg: string; readonly bottom: number } {
  const curves: readonly (readonly [name: string, draw: (x: number, y: number) => string])[] = [
    ['owner wants', (x, y) => line(`M${x} ${y}h22`, OWNER)],
    ['owner has', (x, y) => area(x, y, OWNER)],
    ['a class has', (x, y) => area(x, y, DELIVERED) + line(`M${x} ${y - 6}h22`, DELIVERED)],
    ['it wants', (x, y) => line(`M${x} ${y}h22`, '#9ca3af', '2 3')],
    ['it is promised', (x, y) => line(`M${x} ${y}h22`, PROMISED, '6 3')],
  ];
  const parts = curves.map(([name, draw], index) => {
    const x = LEFT + index * 130;
    return `${draw(x, top)}<text class="small" x="${x + 30}" y="${top + 4}">${name}</text>`;
  });
  const shown = report.modes.slice(0, MOST_MODES);
  const rest = report.modes.slice(MOST_MODES);
  const restShare = rest.reduce((sum, { share }) => sum + share, 0);
  const lines = [
    ...shown.map(({ mode, conditions, share }) => ({
      colour: colourOf(report, mode),
      text: conditions,
      share,
    })),
    ...(rest.length === 0
      ? []
      : [{ colour: OTHER_MODES, text: `${rest.length} other modes`, share: restShare }]),
  ];
  const modes = lines.map(({ colour, text, share }, index) => {
    const y = top + 28 + index * LEGEND_LINE;
    const label = `${percent(share)}  ${escaped(shortened(text, MODE_LETTERS))}`;
    return `<rect x="${LEFT}" y="${y - 10}" width="22" height="13" fill="${colour}"/><text class="small" x="${LEFT + 30}" y="${y}">${label}</text>`;
  });
  return { svg: [...parts, ...modes].join('\n'), bottom: top + 28 + lines.length * LEGEND_LINE };
}

const area = (x: number, y: number, colour: string): string =>
  `<rect x="${x}" y="${y - 6}" width="22" height="12" fill="${colour}" fill-opacity="0.25"/>`;

const percent = (share: number): string => `${(100 * share).toFixed(1)}%`;
