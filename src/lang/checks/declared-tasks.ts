import { catalogue } from '../catalogue.js';
import { hasTasks } from '../guest-bodies.js';
import { eachReservation, type ReservationUse } from '../reservation-uses.js';
import type { ClassDeclaration, Name } from '../tree.js';
import { writtenName } from '../words.js';
import type { CheckInput } from './check.js';

/** `for its tasks` is about guests whose tasks are declared. */
export function checkDeclaredTasks(input: CheckInput): void {
  eachReservation(input.policy, (use) => {
    if (use.form.kind !== 'tasks') return;
    if (use.of.kind === 'offer') {
      if (!hasTasks(use.of) && !use.of.damaged) report(use, nameOf(use.of), 'it declares none', [], input);
    } else {
      checkSubject(use, use.of, input);
    }
  });
}

type TaskSubject = Exclude<ReservationUse['of'], { kind: 'offer' }>;

function checkSubject(use: ReservationUse, subject: TaskSubject, input: CheckInput): void {
  if (subject.kind === 'others') {
    report(use, '`others`', null, [], input);
    return;
  }
  const classes = subject.kind === 'named' ? input.scope.classesOf(subject.name.text) : input.scope.classes();
  const lacking = classes.filter((declared) => !hasTasks(declared) && !declared.damaged);
  if (lacking.length === 0) return;
  const written = `\`${input.reporter.textOf(subject.span)}\``;
  report(use, written, listed(lacking), lacking, input);
}

function report(
  { form }: ReservationUse,
  subject: string,
  lacking: string | null,
  classes: readonly ClassDeclaration[],
  { reporter }: CheckInput,
): void {
  const related = classes
    .slice(0, MAX_PLACES)
    .map(({ name }) => reporter.related(name.span, 'declares no task'));
  reporter.add(catalogue.noTasks.at(reporter.place(form.span), { subject, lacking }, { related }));
}

const nameOf = ({ name }: { readonly name: Name }): string => `\`${writtenName(name.text)}\``;

const MAX_PLACES = 10;

function listed(classes: readonly ClassDeclaration[]): string {
  const names = classes.slice(0, MAX_PLACES).map(nameOf).join(', ');
  if (classes.length === 1) return `${names} declares none`;
  return `${names}${classes.length > MAX_PLACES ? ', …' : ''} declare none`;
}
