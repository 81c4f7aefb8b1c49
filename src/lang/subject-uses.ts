import { eachConstraint, eachTestLine } from './traversal.js';
import type { Constraint, Policy, Subject, TestLine } from './tree.js';

/** Visits the subjects of every constraint and of every line of a test. */
export function eachSubject(policy: Policy, visit: (subject: Subject) => void): void {
  eachConstraint(policy, (constraint) => {
    for (const subject of subjectsOf(constraint)) visit(subject);
  });
  eachTestLine(policy, (line) => {
    for (const subject of subjectsOfLine(line)) visit(subject);
  });
}

export function subjectsOf(constraint: Constraint): readonly Subject[] {
  switch (constraint.kind) {
    case 'keep':
    case 'offer':
      return [];
    case 'share':
      return constraint.parts.map(({ subject }) => subject);
    default:
      return [constraint.subject];
  }
}

function subjectsOfLine(line: TestLine): readonly Subject[] {
  if (line.kind === 'expect') return [line.subject];
  if (line.kind !== 'given') return [];
  if (line.fact.kind === 'spent') return [line.fact.subject];
  return line.fact.kind === 'vms' ? line.fact.guests.map(({ subject }) => subject) : [];
}
