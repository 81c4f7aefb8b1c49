import { invariant } from '../support/invariant.js';
import type { Subject as ModelSubject } from './model.js';
import type { Scope } from './scope.js';
import type { Subject } from './tree.js';

/** What a subject stands for; checks have shown that it is a class or a union where it has a name. */
export function modelSubject(subject: Subject, scope: Scope): ModelSubject {
  if (subject.kind !== 'named') return { kind: subject.kind };
  const declared = scope.find(subject.name.text);
  invariant(declared?.kind === 'class' || declared?.kind === 'union', 'subjects were checked to exist');
  return { kind: declared.kind, name: subject.name.text };
}
