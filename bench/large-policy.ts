/** How large a policy is: classes of four guests, sentences about them, and switches whose settings make the modes. */
export interface PolicySize {
  readonly classes: number;
  readonly sentences: number;
  /** Each in force or not, whatever the others are: 2^n modes. */
  readonly conditions: number;
}

/** The size that the promises are about: 1,000 sentences, 200 classes, 64 modes. */
export const PROMISED_SIZE: PolicySize = { classes: 200, sentences: 1000, conditions: 6 };

/** Three in ten classes have reservations, the others guarantees; limits on unions of ten, and limits under conditions. */
export function largePolicy({ classes, sentences, conditions }: PolicySize): string {
  const reserved = Math.floor((3 * classes) / 10);
  const names = Array.from({ length: classes }, (_, index) => `g${index}`);
  const unions = Array.from({ length: Math.ceil(classes / 10) }, (_, index) => `union${index}`);
  const guards = Array.from({ length: conditions }, (_, index) => CONDITIONS[index] ?? `s${index}`);
  const always = [
    `keep ${coresFor(classes) / 16} cores for owner`,
    `limit guests to ${Math.floor((15 * coresFor(classes)) / 16)} cores`,
    ...names
      .slice(0, reserved)
      .map((name, index) => `reserve ${name} 2ms every ${[20, 40, 50, 100][index % 4]}ms`),
    ...names.slice(reserved).map((name) => `guarantee ${name} 0.05 cores`),
    ...unions.map((name) => `limit ${name} to 8 cores`),
  ];
  // A block is three sentences.
  const blocks = Array.from({ length: Math.ceil((sentences - always.length) / 3) }, (_, index) => {
    const name = names[reserved + ((index * 7) % (classes - reserved))];
    const each = `limit each ${name} to ${1 + (index % 5) / 10} cores`;
    const arm = `limit ${name} to ${1 + (index % 7) / 10} cores`;
    return `when ${guards[index % guards.length]} { ${arm} ${each} } otherwise { limit ${name} to 2 cores }`;
  });
  return [
    ...names.map(
      (name, index) => `group ${name} up to 4 vms { match name "${name}-*" and user "u${index}" vcpus 2 }`,
    ),
    ...unions.map((name, index) => `group ${name} = ${names.slice(10 * index, 10 * index + 10).join(', ')}`),
    'let office = weekdays 09:00-17:00 except 2026-12-24..2027-01-01',
    ...guards.filter((name) => !CONDITIONS.includes(name)).map((name) => `switch ${name}`),
    ...always,
    ...blocks,
  ].join('\n');
}

/** A calendar; the others are switches. */
const CONDITIONS: readonly string[] = ['office'];

/** As many as such a policy needs: 64 for 200 classes. */
export const coresFor = (classes: number): number => Math.max(8, Math.ceil((64 * classes) / 200));
