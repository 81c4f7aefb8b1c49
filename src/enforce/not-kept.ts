import type { Plan, Setting } from '../compiler/plan.js';
import type { FindingDraft } from './findings.js';

/** What this enforcer leaves undone of a plan: who is concerned, and what it comes to. */
interface Unkept {
  readonly what: string;
  readonly subjects: readonly string[];
  readonly fallback: string;
}

/** Settings of these kinds nobody keeps yet, with what that means. */
const KINDS: readonly {
  readonly what: string;
  readonly isOne: (setting: Setting) => boolean;
  readonly fallback: string;
}[] = [
  {
    what: 'placement on cores',
    isOne: ({ mechanism }) => mechanism === 'placement',
    fallback: 'threads with reservations are on their cores; the others run on any',
  },
  {
    what: 'stopping guests for good',
    isOne: ({ mechanism }) => mechanism === 'stop',
    fallback: 'these guests go on running',
  },
  {
    what: 'memory limits and promises',
    isOne: ({ mechanism }) => mechanism === 'memory',
    fallback: 'guests have the memory that they were started with',
  },
  {
    what: 'disk limits',
    isOne: ({ mechanism }) => mechanism === 'disk',
    fallback: 'guests use disks as fast as they can',
  },
  {
    what: 'network limits',
    isOne: ({ mechanism }) => mechanism === 'network',
    fallback: 'guests use the network as fast as they can',
  },
  {
    what: 'weights by nice values of sessions',
    isOne: (setting) => setting.mechanism === 'share' && setting.nice !== undefined,
    fallback: 'their sessions keep the nice values that they have',
  },
  {
    what: 'real-time priority in the times of a timetable',
    isOne: (setting) => setting.mechanism === 'duty' && setting.elevated === true,
    fallback: 'these guests run in their times, at the priority that they have',
  },
];

/** A finding for each kind of thing that the plan asks for and this enforcer does not keep: never a silent miss. Pure. */
export function notKept(plan: Plan): readonly FindingDraft[] {
  const settings = plan.schedules.flatMap((schedule) => schedule.settings);
  const kinds = KINDS.map(({ what, isOne, fallback }) => ({
    what,
    subjects: subjectsOf(settings.filter(isOne)),
    fallback,
  }));
  const budgets = {
    what: 'budgets',
    subjects: subjectsOf(plan.budgets),
    fallback: 'what guests use is not counted against them: no budget is ever spent',
  };
  const scattered = {
    what: 'limits in cgroups of guests that stay where they are',
    subjects: plan.host.cgroup.gather
      ? []
      : subjectsOf(settings.filter(({ mechanism }) => mechanism === 'quota')),
    fallback: 'these guests run without that limit',
  };
  return [...kinds, budgets, scattered].filter(({ subjects }) => subjects.length > 0).map(draftOf);
}

const subjectsOf = (all: readonly { readonly class: string }[]): readonly string[] => [
  ...new Set(all.map((one) => one.class)),
];

const draftOf = ({ what, subjects, fallback }: Unkept): FindingDraft => ({
  code: 'not-kept',
  severity: 'warning',
  subject: null,
  message: `the policy asks for ${what} (${subjects.join(', ')}), which this version does not keep`,
  fallback,
});
