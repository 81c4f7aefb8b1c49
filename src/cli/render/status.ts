import type { Control, GuestStatus, Status } from '../../enforce/status.js';
import { formatDuration } from '../../support/duration.js';
import { visible } from '../../support/terminal-text.js';
import type { Colors } from '../colors.js';
import { amountText, coresText, promiseText } from './measure.js';
import { renderTable } from './table.js';

/** `vmc status` for people: the mode and why, the guests with promised against delivered, what is not as it should be. */
export function renderStatus(status: Status, colors: Colors): string {
  const { policy, mode, atMs, conditions, switches, budgets, guests, findings } = status;
  const since = mode ? ` for ${ago(mode.sinceMs, atMs)}` : '';
  const parts = [
    `${colors.bold(policy.name)}  mode ${colors.bold(mode?.id ?? 'none yet')}${since}${mode?.settling ? ', settling' : ''}`,
    ...conditions.map(
      ({ text, value, sinceMs }) => `  ${mark(value, colors)} ${text}  ${colors.dim(ago(sinceMs, atMs))}`,
    ),
    ...switches.map(
      ({ name, on, untilMs }) =>
        `  switch ${name} ${on ? 'on' : 'off'}${untilMs ? ` for ${ago(atMs, untilMs)} more` : ''}`,
    ),
    ...budgets.map(
      ({ id, holder, allowedNs, usedNs, spent, untilMs }) =>
        `  budget ${id}${holder === null ? '' : ` of ${holder}`}: ${spent ? colors.yellow('spent') : `${work(allowedNs - usedNs)} of ${work(allowedNs)} left`}, for ${ago(atMs, untilMs)}`,
    ),
    '',
    guests.length === 0 ? 'no guests' : guestTable(guests),
    ...findings.map(
      ({ severity, message, fallback }) =>
        `${severity === 'error' ? colors.red(severity) : colors.yellow(severity)}: ${visible(message)}${fallback ? `\n  meanwhile: ${visible(fallback)}` : ''}`,
    ),
  ];
  return parts.join('\n');
}

function guestTable(guests: readonly GuestStatus[]): string {
  const rows = guests.flatMap((guest) => {
    const head = [
      visible(guest.name ?? '-'),
      guest.class ?? 'others',
      String(guest.pid),
      guest.state,
      coresText(guest.cpuCores10s),
    ];
    // What holds for all guests alike and promises this one nothing says nothing about it.
    const telling = guest.controls.filter(({ measure, setting }) => measure || setting.subject !== 'guests');
    const [first, ...rest] = telling.map(controlCells);
    return [[...head, ...(first ?? [])], ...rest.map((cells) => ['', '', '', '', '', ...cells])];
  });
  return renderTable(
    ['guest', 'class', 'pid', 'state', 'CPU 10s', 'kept by', 'setting', 'promised', 'delivered'],
    rows,
  );
}

function controlCells({ setting, summary, inForce, measure }: Control): string[] {
  return [
    setting.mechanism,
    `${summary}${inForce ? '' : ' (not in force)'}`,
    measure ? promiseText(measure) : '-',
    measure ? amountText(measure.deliveredInMode, measure.unit) : '-',
  ];
}

/** CPU time, as policies write it. */
const work = (ns: number): string => {
  const hours = ns / 3.6e12;
  return hours >= 1
    ? `${Number(hours.toFixed(2))} core-hours`
    : `${Number((ns / 6e10).toFixed(2))} core-minutes`;
};

const mark = (value: boolean | 'unknown', colors: Colors): string =>
  value === 'unknown'
    ? colors.yellow('unknown')
    : value
      ? colors.green('holds  ')
      : colors.dim('does not hold');

const ago = (fromMs: number, toMs: number): string =>
  formatDuration(BigInt(Math.max(0, Math.round((toMs - fromMs) / 1000))) * 1_000_000_000n);

/** `vmc status VM`: all about one guest. */
export function renderGuest(guest: GuestStatus, colors: Colors): string {
  const facts = [
    ['class', guest.class ?? 'others'],
    ['process', `${guest.pid} of ${guest.user}, ${guest.vcpus} vCPUs`],
    ['state', guest.state],
    ['CPU over 10 s', `${coresText(guest.cpuCores10s)} cores`],
    ['cgroup', guest.group ?? 'its own'],
  ];
  const controls = guest.controls.flatMap((control) => [
    `${control.setting.mechanism}: ${control.summary}${control.inForce ? '' : ' (not in force)'}`,
    ...(control.measure
      ? [
          `  promised ${promiseText(control.measure)}, delivered ${amountText(control.measure.deliveredInMode, control.measure.unit)}`,
        ]
      : []),
    ...control.setting.because.map(
      ({ sentence, file, range }) => `  because ${sentence}  ${colors.dim(`${file}:${range.start.line}`)}`,
    ),
  ]);
  return [
    colors.bold(visible(guest.name ?? guest.key)),
    ...facts.map(([label, text]) => `  ${label}: ${text}`),
    ...controls,
  ].join('\n');
}
