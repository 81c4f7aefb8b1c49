import { catalogue } from '../catalogue.js';
import { bareNameOf, eachPart } from '../traversal.js';
import type { CalendarAtom, Condition, TestDeclaration } from '../tree.js';
import type { CheckInput } from './check.js';

/** What a test without a time expects does not depend on the time. */
export function checkTimelessCalendars(input: CheckInput): void {
  const calendars = new Calendars(input);
  for (const statement of input.policy.statements) {
    if (statement.kind !== 'test' || statement.lines.some(({ kind }) => kind === 'at')) continue;
    // The line that could not be read may be its time.
    if (!input.reporter.hasErrorsWithin(statement.span)) checkTest(statement, calendars, input);
  }
}

function checkTest(
  { lines }: TestDeclaration,
  calendars: Calendars,
  { reporter, definitions }: CheckInput,
): void {
  for (const line of lines) {
    if (line.kind !== 'expect-that' || !definitions.isSound(line.condition)) continue;
    const calendar = calendars.firstIn(line.condition);
    if (calendar === null) continue;
    const { span } = calendar;
    const isNamed = span.start < line.span.start || span.end > line.span.end;
    const related = isNamed ? [reporter.related(span, 'the calendar')] : [];
    const place = reporter.place(isNamed ? line.condition.span : span);
    const parameters = { calendar: reporter.textOf(span) };
    reporter.add(catalogue.timelessCalendar.at(place, parameters, { related }));
  }
}

/** The calendars in conditions, names replaced; each name is looked into once. */
class Calendars {
  readonly #input: CheckInput;
  readonly #ofNames = new Map<string, CalendarAtom | null>();

  constructor(input: CheckInput) {
    this.#input = input;
  }

  /** Of a condition that is sound: names lead to names only so often. */
  firstIn(condition: Condition): CalendarAtom | null {
    let found: CalendarAtom | null = null;
    eachPart(condition, (part) => {
      if (found !== null) return;
      if (part.kind === 'days' || part.kind === 'dates') found = part;
      const name = part.kind === 'reference' ? bareNameOf(part.signal) : null;
      if (name !== null) found = this.#inName(name);
    });
    return found;
  }

  #inName(name: string): CalendarAtom | null {
    const known = this.#ofNames.get(name);
    if (known !== undefined) return known;
    const declared = this.#input.scope.find(name);
    const found = declared?.kind === 'let' ? this.firstIn(declared.condition) : null;
    this.#ofNames.set(name, found);
    return found;
  }
}
