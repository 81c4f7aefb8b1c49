import type { Setting } from './plan.js';

/** The mechanisms of settings, in the order in which a schedule lists those of a subject. */
export const SETTING_MECHANISMS = [
  'reservation',
  'share',
  'quota',
  'duty',
  'freezer',
  'placement',
  'stop',
  'memory',
  'disk',
  'network',
] as const satisfies readonly Setting['mechanism'][];
