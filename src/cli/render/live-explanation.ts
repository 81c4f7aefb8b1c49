import type { LiveExplanation } from '../../api/live-explanation-schema.js';
import { formatDuration } from '../../support/duration.js';
import { visible } from '../../support/terminal-text.js';
import type { Colors } from '../colors.js';
import { amountText, promiseText } from './measure.js';

const NS_PER_S = 1_000_000_000n;
const apart = (fromMs: number, toMs: number): string =>
  formatDuration(BigInt(Math.max(0, Math.round((toMs - fromMs) / 1000))) * NS_PER_S);

/** `vmc explain --live SUBJECT` for people. */
export function renderLiveExplanation(explanation: LiveExplanation, colors: Colors): string {
  const { subject, kind, mode, atMs } = explanation;
  const since = mode ? ` for ${apart(mode.sinceMs, atMs)}${mode.settling ? ', settling' : ''}` : '';
  const head = `${kind === 'mode' ? '' : `${kind} ${colors.bold(visible(subject))}, `}mode ${colors.bold(visible(mode?.id ?? 'none yet'))}${since}`;
  return [
    head,
    ...causeLines(explanation),
    ...explanation.guests.flatMap((guest) => guestLines(guest, explanation, colors)),
    ...(kind === 'class' && explanation.guests.length === 0 ? ['', 'no guest of it runs'] : []),
    ...conditionLines(explanation, colors),
    ...limitLines(explanation),
    ...changeLines(explanation),
    ...findingLines(explanation, colors),
  ].join('\n');
}

const causeLines = ({ mode }: LiveExplanation): readonly string[] =>
  (mode?.causes ?? []).map(({ text, from, to }) => `  it came because ${visible(text)}: ${from} → ${to}`);

type Guest = LiveExplanation['guests'][number];

const STATES: Readonly<Record<string, string>> = {
  running: 'runs',
  held: 'is held by its duty cycle',
  'stopped-by-user': 'was stopped by its user, and is left so',
};

function guestLines(
  { name, key, state, kept }: Guest,
  { kind }: LiveExplanation,
  colors: Colors,
): readonly string[] {
  const who = kind === 'guest' ? 'it' : visible(name ?? key);
  return ['', `${who} ${STATES[state] ?? state}`, ...kept.flatMap((one) => keptLines(one, colors))];
}

function keptLines(
  { mechanism, summary, inForce, measure, because }: Guest['kept'][number],
  colors: Colors,
): readonly string[] {
  const promised = measure
    ? `: promised ${promiseText(measure)}, delivered ${amountText(measure.deliveredInMode, measure.unit)}`
    : '';
  return [
    `  ${mechanism} ${summary}${promised}${inForce ? '' : colors.red(' (not in force)')}`,
    ...because.map(
      ({ sentence, file, line }) =>
        `    because ${visible(sentence)}  ${colors.dim(`${visible(file)}:${line}`)}`,
    ),
  ];
}

function conditionLines({ conditions, atMs, kind }: LiveExplanation, colors: Colors): readonly string[] {
  if (conditions.length === 0) return kind === 'mode' ? [] : ['', 'no condition decides what it gets'];
  return [
    '',
    kind === 'mode' ? 'conditions' : 'conditions that decide what it gets',
    ...conditions.flatMap(({ text, value, sinceMs, atoms }) => [
      `  ${visible(text)} is ${colors.bold(String(value))} for ${apart(sinceMs, atMs)}`,
      ...atoms.map((atom) => {
        const sample = atom.sample === null ? '' : `, now ${Number(atom.sample.toFixed(2))}`;
        const next = atom.changesAtMs === null ? '' : `, changes in ${apart(atMs, atom.changesAtMs)}`;
        return `    ${visible(atom.text)} is ${atom.value} for ${apart(atom.sinceMs, atMs)}${sample}${next}`;
      }),
    ]),
  ];
}

const percent = (share: number): string => `${Number((100 * share).toFixed(1))}%`;

const limitLines = ({ limits }: LiveExplanation): readonly string[] =>
  limits.length === 0
    ? []
    : ['', 'limits of forecasts', ...limits.map((limit) => `  ${visible(limit.text)}: ${limitText(limit)}`)];

/** How far one limit is corrected, in a sentence. */
function limitText(limit: LiveExplanation['limits'][number]): string {
  const { level, calibrated, errors, effectiveLevel, auditedLevel, held } = limit;
  if (!calibrated || effectiveLevel === null) {
    return `not calibrated yet (${errors} past errors), the limit is that of normal errors`;
  }
  const so = held === null ? '' : `limits of ${percent(auditedLevel)} held ${percent(held)} of outcomes; `;
  const off = Math.abs(effectiveLevel - level) < 0.0005 ? 0 : effectiveLevel - level;
  const at = `taken at ${percent(effectiveLevel)} of its last ${errors} errors`;
  if (off === 0) return `${so}the limit is ${at}, as asked`;
  return off > 0
    ? `${so}the limit is ${at}, not ${percent(level)}: wider, for it was passed too often`
    : `${so}the limit is ${at}, not ${percent(level)}: narrower, for it was passed too seldom`;
}

const changeLines = ({ changes, atMs }: LiveExplanation): readonly string[] =>
  changes.length === 0
    ? []
    : [
        '',
        'what would change it',
        ...changes.flatMap(({ condition, becomes, atMs: when, mode, gets }) => [
          `  ${visible(condition)} becomes ${becomes}${when === null ? '' : ` (in ${apart(atMs, when)} by itself)`}: mode ${visible(mode)}`,
          ...gets.map((text) => `    ${visible(text)}`),
        ]),
      ];

const findingLines = ({ findings, atMs }: LiveExplanation, colors: Colors): readonly string[] =>
  findings.length === 0
    ? []
    : [
        '',
        ...findings.flatMap(({ severity, message, fallback, sinceMs }) => [
          `${severity === 'error' ? colors.red(severity) : colors.yellow(severity)} for ${apart(sinceMs, atMs)}: ${visible(message)}`,
          ...(fallback === null ? [] : [`  meanwhile: ${visible(fallback)}`]),
        ]),
      ];
