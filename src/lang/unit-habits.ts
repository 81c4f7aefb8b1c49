import { nearest } from './did-you-mean.js';
import { unitWords } from './units.js';

/** How units are called elsewhere, in small letters. */
const SYNONYMS: Readonly<Record<string, string>> = {
  cores: 'cpu cpus vcpu processors threads',
  ns: 'nanosecond nanoseconds nsec',
  us: 'microsecond microseconds usec',
  ms: 'millisecond milliseconds msec msecs millis',
  s: 'second seconds sec secs',
  min: 'minute minutes mins m',
  h: 'hour hours hr hrs',
  d: 'day days',
  KiB: 'k ki kibibytes kilobytes',
  MiB: 'mi mebibytes megabytes',
  GiB: 'g gi gibibytes gigabytes gig gigs',
  TiB: 't ti tebibytes terabytes',
  'Mbit/s': 'mbps',
  'Gbit/s': 'gbps',
  'core-hours': 'cpu-hour cpu-hours vcpu-hour vcpu-hours corehours cpuhours',
  'core-minutes': 'cpu-minute cpu-minutes',
  'core-seconds': 'cpu-second cpu-seconds',
};

/** The unit that a word stands for elsewhere. */
export function unitCalled(word: string): string | null {
  const called = word.toLowerCase();
  const entry = Object.entries(SYNONYMS).find(([, words]) => words.split(' ').includes(called));
  return entry?.[0] ?? null;
}

/** The unit that a word stands for elsewhere, or is a misspelling of. */
export const unitMeant = (word: string): string | null => unitCalled(word) ?? nearest(word, unitWords());
