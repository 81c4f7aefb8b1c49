import type { Plan } from '../../compiler/plan.js';
import { nearest } from '../../lang/did-you-mean.js';
import { SIGNALS, type SignalType } from '../../lang/signals.js';

/** What the cells of a column hold. */
export interface ColumnSpec {
  /** A signal as conditions name it, `CLASS.demand`, `switch NAME` or `process NAME`. */
  readonly key: string;
  readonly kind: 'number' | 'count' | 'boolean';
  readonly least: number;
  readonly most: number;
  /** For messages: "% of cpu, from 0 to 100". */
  readonly unit: string;
}

/** A column that nothing is known of, and what was perhaps meant. */
export interface UnknownColumn {
  readonly unknown: string;
  readonly meant: string | null;
}

const ANY = { kind: 'number', least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY } as const;
const POSITIVE = { kind: 'number', least: 0, most: Number.POSITIVE_INFINITY } as const;
const PERCENT = { kind: 'number', least: 0, most: 100 } as const;

const BY_TYPE: { readonly [T in SignalType]: Omit<ColumnSpec, 'key'> } = {
  cpu: { ...PERCENT, unit: '% of cpu, from 0 to 100' },
  percent: { ...PERCENT, unit: '%, from 0 to 100' },
  number: { ...ANY, unit: 'a number' },
  size: { ...POSITIVE, unit: 'bytes' },
  time: { ...POSITIVE, unit: 'seconds' },
  rate: { ...POSITIVE, unit: 'bytes per second' },
  temperature: { ...ANY, unit: 'degrees Celsius' },
  boolean: { kind: 'boolean', least: 0, most: 1, unit: 'true or false, 1 or 0' },
};

const BY_MEASURE: Readonly<Record<string, Omit<ColumnSpec, 'key'>>> = {
  demand: { ...POSITIVE, unit: 'cores, 0 or more' },
  count: { ...POSITIVE, kind: 'count', unit: 'a whole number of guests' },
};

/**
 * What a header names in some plans: sensors of a host, signals and switches of the policy, `CLASS.demand` and
 * `CLASS.count` of classes and `others`, `process NAME`.
 */
export function columnsOf(plans: readonly Plan[]): (header: string) => ColumnSpec | UnknownColumn {
  const specs = new Map<string, ColumnSpec>();
  for (const [key, type] of SIGNALS) specs.set(key, { key, ...BY_TYPE[type] });
  for (const { classes, switches, signals } of plans) {
    for (const { name, type } of signals) specs.set(name, { key: name, ...BY_TYPE[type] });
    for (const name of switches) specs.set(name, { key: `switch ${name}`, ...BY_TYPE.boolean });
    for (const name of [...classes.map((one) => one.name), 'others']) {
      for (const [measure, spec] of Object.entries(BY_MEASURE)) {
        specs.set(`${name}.${measure}`, { key: `${name}.${measure}`, ...spec });
      }
    }
  }
  return (header) => {
    const [, process] = /^process\s+"?([^"]+)"?$/.exec(header) ?? [];
    if (process !== undefined) return { key: `process ${process}`, ...BY_TYPE.boolean };
    return specs.get(header) ?? { unknown: header, meant: nearest(header, specs.keys()) };
  };
}
