import { defineDiagnostics } from '../catalogue-entry.js';

/** VMC60xx: legal, but seldom what an owner wants. */
export const advice = defineDiagnostics({
  unvouchedPromise: {
    code: 'VMC6001',
    severity: 'warning',
    title: 'A promise to whoever claims the name',
    message: (p: { name: string }) =>
      `${p.name} is promised something, but anyone who starts QEMU with the right name or arguments belongs to it.`,
    hint: () =>
      'Add `and user …`, `and unit …` or `and cgroup …` to its `match`: these the kernel vouches for.',
  },
  throttledByOwnUse: {
    code: 'VMC6002',
    severity: 'warning',
    title: 'A condition that undoes itself',
    message: (_: object) =>
      '`owner.cpu` falls when guests compete with the owner: a condition on it that holds guests back can switch itself on and off.',
    hint: () => 'Use `owner.demand`, which also counts the time that the owner’s work is kept waiting.',
  },
  overlappingThresholds: {
    code: 'VMC6003',
    severity: 'warning',
    title: 'Thresholds that hold at the same time',
    message: (p: { start: string; until: string }) =>
      `There are values at which the condition both starts (\`${p.start}\`) and ends (\`${p.until}\`).`,
    hint: () =>
      'Leave a gap between the two, such as `> 60% until < 40%`; without `until` one threshold does both.',
  },
  unusedName: {
    code: 'VMC6004',
    severity: 'advice',
    title: 'A name that nothing uses',
    message: (p: { name: string; is: string }) => `${p.name} is ${p.is} that nothing uses.`,
    hint: () => 'Use it, or take it out.',
  },
  idleMechanism: {
    code: 'VMC6005',
    severity: 'warning',
    title: 'A mechanism without anything to do',
    message: (p: { mechanism: string }) =>
      `\`by ${p.mechanism}\` chooses how CPU is divided, and this sentence names no amount of CPU.`,
    hint: () => 'Leave it out: memory, disks and networks have one way each.',
  },
  stiffCeiling: {
    code: 'VMC6006',
    severity: 'warning',
    title: 'A ceiling that never moves',
    message: (p: { ceiling: string; reason: string }) =>
      `This ceiling is ${p.ceiling} whatever the signal: ${p.reason}.`,
    hint: () => 'State it plainly, or give it room: `90% of cpu - owner.demand between 10% and 80% of cpu`.',
  },
});
