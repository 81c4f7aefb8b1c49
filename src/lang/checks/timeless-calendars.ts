import { catalogue } from '../catalogue.js';
import { bareNameOf, eachPart } from '../traversal.js';
import type { CalendarAtom, Condition, TestDeclaration } from '../tree.js';
import type { CheckInput } from './check.js';

/** What a test without a time expects does not depend on the time. */
export function checkTimelessCalendars(input: CheckInput): void {
  for (const statement of input.policy.statements) {
    if (statement.kind !== 'test' || statement.lines.some(({ kind }) => kind === 'at')) continue;
    // The line that could not be read may be its time.
    if (!input.reporter.hasErrorsWithin(statement.span)) checkTest(statement, input);
  }
}

function checkTest({ lines }: TestDeclaration, input: CheckInput): void {
  const { reporter, definitions } = input;
  for (const line of lines) {
    if (line.kind !== 'expect-that' || !definitions.isSound(line.condition)) continue;
    const calendar = firstCalendar(line.condition, input);
    if (calendar === null) continue;
    const { span } = calendar;
    const isNamed = span.start < line.span.start || span.end > line.span.end;
    const related = isNamed ? [reporter.related(span, 'the calendar')] : [];
    const place = reporter.place(isNamed ? line.condition.span : span);
    const parameters = { calendar: reporter.textOf(span) };
    reporter.add(catalogue.timelessCalendar.at(place, parameters, { related }));
  }
}

/** Names replaced; each of them is looked into once. */
function firstCalendar(root: Condition, { scope }: CheckInput): CalendarAtom | null {
  const seen = new Set<string>();
  const waiting = [root];
  let found: CalendarAtom | null = null;
  for (let next = waiting.pop(); next !== undefined && found === null; next = waiting.pop()) {
    eachPart(next, (part) => {
      if (part.kind === 'days' || part.kind === 'dates') found ??= part;
      const name = part.kind === 'reference' ? bareNameOf(part.signal) : null;
      const declared = name === null || seen.has(name) ? null : scope.find(name);
      if (declared?.kind !== 'let') return;
      seen.add(declared.name.text);
      waiting.push(declared.condition);
    });
  }
  return found;
}
