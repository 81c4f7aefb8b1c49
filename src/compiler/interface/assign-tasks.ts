import type { GuestTask } from '../../lang/model.js';

export type Assignment =
  /** For each vCPU its tasks, in the order of declaration; none for vCPUs that are not needed. */
  | { readonly ok: true; readonly vcpus: readonly (readonly GuestTask[])[] }
  /** `proof`: no assignment exists. `alone`: the tasks that do not fit on a vCPU even by themselves. */
  | { readonly ok: false; readonly proof: boolean; readonly alone: readonly GuestTask[] };

/** Above this many tasks only first fit is tried. */
const EXACT_SEARCH_TASKS = 10;

/**
 * Assigns tasks to vCPUs so that each vCPU's tasks fit: first fit by decreasing density C / min(D, T), then, for few tasks,
 * every assignment. INVARIANT: `fits` is monotone: a part of what fits does.
 */
export function assignTasks(
  tasks: readonly GuestTask[],
  vcpus: number,
  fits: (tasks: readonly GuestTask[]) => boolean,
): Assignment {
  if (tasks.length === 0 || fits(tasks))
    return { ok: true, vcpus: Array.from({ length: vcpus }, (_, vcpu) => (vcpu === 0 ? tasks : [])) };
  const alone = tasks.filter((task) => !fits([task]));
  if (alone.length > 0) return { ok: false, proof: true, alone };
  const rank = new Map(tasks.map((task, index) => [task, index]));
  const order = [...tasks].sort((a, b) => byDensity(a, b) || (rank.get(a) ?? 0) - (rank.get(b) ?? 0));
  const found = firstFit(order, vcpus, fits) ?? searched(order, vcpus, fits);
  if (found === null) {
    return { ok: false, proof: vcpus === 1 || tasks.length <= EXACT_SEARCH_TASKS, alone: [] };
  }
  const declared = (own: readonly GuestTask[]) =>
    [...own].sort((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0));
  return { ok: true, vcpus: Array.from({ length: vcpus }, (_, vcpu) => declared(found[vcpu] ?? [])) };
}

type Parts = readonly (readonly GuestTask[])[];
type Fits = (tasks: readonly GuestTask[]) => boolean;

function firstFit(order: readonly GuestTask[], vcpus: number, fits: Fits): Parts | null {
  const parts: GuestTask[][] = [];
  for (const task of order) {
    const home = parts.find((part) => fits([...part, task]));
    if (home) home.push(task);
    else if (parts.length < vcpus) parts.push([task]);
    else return null;
  }
  return parts;
}

/** Depth first; vCPUs are alike, so that a task opens at most one new one. */
function searched(order: readonly GuestTask[], vcpus: number, fits: Fits): Parts | null {
  if (vcpus === 1 || order.length > EXACT_SEARCH_TASKS) return null;
  const known = new Map<string, boolean>();
  const fitsOnce: Fits = (part) => {
    const key = part.map((task) => order.indexOf(task)).join();
    const answer = known.get(key) ?? fits(part);
    known.set(key, answer);
    return answer;
  };
  const extend = (parts: Parts, next: number): Parts | null => {
    const task = order[next];
    if (task === undefined) return parts;
    const open = parts.length < vcpus ? [...parts, []] : parts;
    for (const [index, part] of open.entries()) {
      const larger = [...part, task];
      if (part.length > 0 && !fitsOnce(larger)) continue;
      const found = extend(
        open.map((one, at) => (at === index ? larger : one)).filter(({ length }) => length > 0),
        next + 1,
      );
      if (found) return found;
    }
    return null;
  };
  return extend([], 0);
}

/** Larger C / min(D, T) first, exactly. */
function byDensity(a: GuestTask, b: GuestTask): number {
  const difference = b.costNs * span(a) - a.costNs * span(b);
  return difference > 0n ? 1 : difference < 0n ? -1 : 0;
}

const span = ({ periodNs, deadlineNs }: GuestTask): bigint => (deadlineNs < periodNs ? deadlineNs : periodNs);
