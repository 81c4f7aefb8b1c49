import { catalogue } from '../catalogue.js';
import { nearest } from '../did-you-mean.js';
import { isListedTimezone, listedTimezones } from '../listed-timezones.js';
import type { CheckInput } from './check.js';

/** The host's time zone is one that the calendars of this machine know. */
export function checkKnownTimezone({ policy, reporter }: CheckInput): void {
  for (const statement of policy.statements) {
    if (statement.kind !== 'host') continue;
    for (const property of statement.properties) {
      if (property.kind !== 'timezone' || isTimezone(property.value.text)) continue;
      const { text, span } = property.value;
      const suggestion = nearTimezone(text);
      const extras = suggestion === null ? {} : { fix: reporter.replacement(span, `"${suggestion}"`) };
      const parameters = { timezone: text, suggestion };
      reporter.add(catalogue.unknownTimezone.at(reporter.place(span), parameters, extras));
    }
  }
}

/** A zone that is spelt nearly so, or whose place alone is given. */
function nearTimezone(name: string): string | null {
  const zones = listedTimezones();
  const place = `/${name.replaceAll(' ', '_').toLowerCase()}`;
  return zones.find((zone) => zone.toLowerCase().endsWith(place)) ?? nearest(name, zones);
}

const NAME = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/;

function isTimezone(name: string): boolean {
  if (isListedTimezone(name)) return true;
  if (!NAME.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    // A RangeError: the one way in which Intl says that it does not know a zone.
    return false;
  }
}
