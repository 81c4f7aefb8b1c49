import type { Sentence } from '../lang/model.js';
import type { HostMechanism } from './facts.js';
import { HOST, type Nest } from './nest.js';
import type { Plan } from './plan.js';
import type { Population } from './population.js';
import { subjectKey } from './subject-key.js';

/**
 * Classes (and `others`) whose guests are gathered under the slice of all guests, and the unions above them: those on
 * which weights or quotas act in some mode, and all of them where the slice as a whole stands against the owner.
 */
export function gatheredSubjects(
  mechanisms: ReadonlyMap<Sentence, HostMechanism>,
  population: Population,
  nest: Nest,
): ReadonlySet<string> {
  const gathered = new Set<string>();
  const everyone = population.membersOf('guests');
  for (const [sentence, mechanism] of mechanisms) {
    if (mechanism !== 'share' && mechanism !== 'quota') continue;
    for (const key of subjectsOf(sentence)) {
      const whole = sentence.kind === 'guarantee' || key === 'owner';
      for (const member of whole ? everyone : population.membersOf(key)) gathered.add(member);
    }
  }
  for (const member of [...gathered]) {
    for (let at = nest.parentOf.get(member); at !== undefined && at !== 'guests' && at !== HOST; ) {
      gathered.add(at);
      at = nest.parentOf.get(at);
    }
  }
  return gathered;
}

function subjectsOf(sentence: Sentence): readonly string[] {
  switch (sentence.kind) {
    case 'keep':
      return ['owner'];
    case 'limit':
    case 'guarantee':
      return [subjectKey(sentence.subject)];
    case 'share-equally':
    case 'yield':
      return [subjectKey(sentence.subject)];
    case 'share':
      return sentence.parts.map(({ subject }) => subjectKey(subject));
    default:
      return [];
  }
}

/** The nest of what is gathered, as the enforcer builds it in cgroups; parents before children. */
export function planTree(gathered: ReadonlySet<string>, population: Population, nest: Nest): Plan['tree'] {
  const order = [...population.unions.keys(), ...population.classes.keys(), 'others'];
  const depth = (key: string): number =>
    key === 'guests' || key === HOST ? 0 : 1 + depth(nest.parentOf.get(key) ?? HOST);
  return order
    .filter((key) => gathered.has(key))
    .sort((a, b) => depth(a) - depth(b) || order.indexOf(a) - order.indexOf(b))
    .map((name) => {
      const parent = nest.parentOf.get(name);
      return {
        name,
        parent: parent === undefined || parent === 'guests' ? null : parent,
        subject: population.kindOf(name),
      };
    });
}
