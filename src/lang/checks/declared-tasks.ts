import { catalogue } from '../catalogue.js';
import { hasTasks } from '../guest-bodies.js';
import { eachReservation, type ReservationUse } from '../reservation-uses.js';
import type { ClassDeclaration, Name } from '../tree.js';
import { writtenName } from '../words.js';
import type { CheckInput } from './check.js';

/** Of the classes that declare none so many are named. */
const MAX_PLACES = 10;

/** `for its tasks` is about guests whose tasks are declared. */
export function checkDeclaredTasks(input: CheckInput): void {
  const uses: ReservationUse[] = [];
  eachReservation(input.policy, (use) => {
    if (use.form.kind === 'tasks') uses.push(use);
  });
  if (uses.length === 0) return;
  const lacks = (declared: ClassDeclaration) => !hasTasks(declared) && !declared.damaged;
  const lacking = {
    of: input.definitions.valuesOfSubjects(
      (declared) => (lacks(declared) ? [declared] : []),
      (members) => [...new Set(members.flat())].slice(0, MAX_PLACES + 1),
    ),
    ofGuests: input.scope.classes().filter(lacks),
  };
  for (const use of uses) {
    if (use.of.kind !== 'offer') checkSubject(use, use.of, lacking, input);
    else if (!hasTasks(use.of) && !use.of.damaged) report(use, nameOf(use.of), 'it declares none', [], input);
  }
}

/** Classes without tasks: of each class and union (no more than are told), and all of them. */
interface Lacking {
  readonly of: ReadonlyMap<string, readonly ClassDeclaration[]>;
  readonly ofGuests: readonly ClassDeclaration[];
}

type TaskSubject = Exclude<ReservationUse['of'], { kind: 'offer' }>;

function checkSubject(use: ReservationUse, subject: TaskSubject, lacking: Lacking, input: CheckInput): void {
  if (subject.kind === 'others') {
    report(use, '`others`', null, [], input);
    return;
  }
  const classes = subject.kind === 'named' ? (lacking.of.get(subject.name.text) ?? []) : lacking.ofGuests;
  if (classes.length === 0) return;
  report(use, `\`${input.reporter.textOf(subject.span)}\``, listed(classes), classes, input);
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

function listed(classes: readonly ClassDeclaration[]): string {
  const names = classes.slice(0, MAX_PLACES).map(nameOf).join(', ');
  if (classes.length === 1) return `${names} declares none`;
  return `${names}${classes.length > MAX_PLACES ? ', …' : ''} declare none`;
}
