import { address16, type Listing, label, long, relative8, relative16, word } from '../assemble.js';
import { bootSector, ENTER, PRINT, TICKS, UNITS } from '../boot-sector.js';

/** Turns of the innermost loop in one unit of work, unless said otherwise: one to two ms of CPU time under QEMU's TCG. */
export const TURNS_PER_UNIT = 1 << 20;
/** Units that the first CPU does between two lines on the serial port. */
export const UNITS_PER_LINE = 8;
/** Input frequency of a PC's interval timer (Intel 8254), Hz. */
const PIT_HZ = 1_193_182;

/** Number of the page on which the other CPUs start. */
const START_PAGE = 0x08;
const START = START_PAGE << 12;

export interface CounterOptions {
  /**
   * Interrupts per second of the interval timer (19 and up), each counted and reported as a second number on
   * every line: ticks that do not arrive show how the guest's clock starves. Absent: interrupts stay off.
   */
  readonly timerHz?: number;
  /** Halts until the next timer interrupt before each unit: a guest that is idle for most of the time. */
  readonly idle?: boolean;
  /** Wakes the other virtual CPUs, which count too; lines give the sum. */
  readonly allCpus?: boolean;
  /** Turns in a unit. With one an idle guest does little but take its ticks, and a unit is a time that it woke up. */
  readonly turnsPerUnit?: number;
}

/**
 * A boot sector (512 bytes, for a PC's BIOS) that works for ever and says how far it got: a line `00000000`
 * once it runs, then one for each {@link UNITS_PER_LINE} units of its first CPU. A line on COM1 is the number
 * of units done, 8 hex digits; with `timerHz` a space and the number of ticks, 8 more; a newline. A unit is
 * {@link TURNS_PER_UNIT} turns (or `turnsPerUnit`) of a loop of two instructions: fixed work, so units measure the CPU
 * time that reached the guest.
 *
 * Throws a RangeError when `idle` comes without a timer to wake it, or the timer cannot do `timerHz`.
 */
export function counterImage(options: CounterOptions = {}): Uint8Array {
  const { timerHz, idle = false, allCpus = false, turnsPerUnit = TURNS_PER_UNIT } = options;
  if (idle && timerHz === undefined) throw new RangeError('an idle guest needs a timer to wake it');
  return bootSector([
    ...ENTER,
    ...(timerHz === undefined ? silenceTimer() : startTimer(timerHz)),
    ...(allCpus ? WAKE_OTHER_CPUS : []),
    ...mainLoop(timerHz !== undefined, idle, turnsPerUnit),
    ...PRINT,
    ...(timerHz === undefined ? [] : TIMER_INTERRUPT),
    ...(allCpus ? otherCpu(turnsPerUnit) : []),
  ]);
}

const PIT_ONE_SHOT = 0x30;
const PIT_RATE_GENERATOR = 0x34;

function programTimer(mode: number, divisor: number): Listing {
  return [
    ['mov al, mode', 0xb0, mode],
    ['out 0x43, al', 0xe6, 0x43],
    ['mov al, low', 0xb0, divisor & 0xff],
    ['out 0x40, al', 0xe6, 0x40],
    ['mov al, high', 0xb0, divisor >> 8],
    ['out 0x40, al', 0xe6, 0x40],
  ];
}

/** The BIOS leaves the timer firing 18 times a second; so it fires once more and is quiet. */
const silenceTimer = (): Listing => programTimer(PIT_ONE_SHOT, 0xffff);

function startTimer(timerHz: number): Listing {
  const divisor = Math.round(PIT_HZ / timerHz);
  if (!(divisor >= 2 && divisor <= 0xffff)) throw new RangeError(`the timer cannot do ${timerHz} Hz`);
  return [
    ...programTimer(PIT_RATE_GENERATOR, divisor),
    ['mov al, 0xff', 0xb0, 0xff],
    ['out 0xa1, al', 0xe6, 0xa1], // Second interrupt controller: all masked.
    ['mov al, 0xfe', 0xb0, 0xfe],
    ['out 0x21, al', 0xe6, 0x21], // First: all but the timer.
    ['mov word [8*4], tick', 0xc7, 0x06, word(8 * 4), address16('tick')], // It arrives as vector 8.
    ['mov word [8*4+2], 0', 0xc7, 0x06, word(8 * 4 + 2), word(0)],
    ['sti', 0xfb],
  ];
}

/** Intel SDM 3, "MP initialization": INIT, then START with the page, to all CPUs but this one. */
const WAKE_OTHER_CPUS: Listing = [
  ['pushf', 0x9c],
  ['cli', 0xfa],
  ['mov byte [START], 0xea', 0xc6, 0x06, word(START), 0xea], // jmp 0:other
  ['mov word [START+1], other', 0xc7, 0x06, word(START + 1), address16('other')],
  ['mov word [START+3], 0', 0xc7, 0x06, word(START + 3), word(0)],
  // The local APIC lies at 0xfee00000: a visit to protected mode lets ds reach that far.
  ['lgdt [gdt pointer]', 0x0f, 0x01, 0x16, address16('gdt pointer')],
  ['mov eax, cr0', 0x0f, 0x20, 0xc0],
  ['or al, 1', 0x0c, 0x01],
  ['mov cr0, eax', 0x0f, 0x22, 0xc0],
  ['mov bx, 8', 0xbb, word(8)],
  ['mov ds, bx', 0x8e, 0xdb],
  ['and al, 0xfe', 0x24, 0xfe],
  ['mov cr0, eax', 0x0f, 0x22, 0xc0],
  ['xor bx, bx', 0x31, 0xdb],
  ['mov ds, bx', 0x8e, 0xdb],
  ['mov edi, 0xfee00300', 0x66, 0xbf, long(0xfee00300)], // Interrupt command register.
  ['mov dword [edi], INIT', 0x67, 0x66, 0xc7, 0x07, long(0x000c4500)],
  ['mov dword [edi], START', 0x67, 0x66, 0xc7, 0x07, long(0x000c4600 | START_PAGE)],
  ['popf', 0x9d],
];

function mainLoop(timer: boolean, idle: boolean, turnsPerUnit: number): Listing {
  const printTicks: Listing = [
    ["mov al, ' '", 0xb0, 0x20],
    ['call print', 0xe8, relative16('print')],
    ['mov eax, [TICKS]', 0x66, 0xa1, word(TICKS)],
    ['call print hex', 0xe8, relative16('print hex')],
  ];
  return [
    label('line'),
    ['mov eax, [UNITS]', 0x66, 0xa1, word(UNITS)],
    ['call print hex', 0xe8, relative16('print hex')],
    ...(timer ? printTicks : []),
    ["mov al, '\\n'", 0xb0, 0x0a],
    ['call print', 0xe8, relative16('print')],
    ['mov si, UNITS_PER_LINE', 0xbe, word(UNITS_PER_LINE)],
    label('unit'),
    ...(idle ? ([['hlt', 0xf4]] satisfies Listing) : []),
    ...unitOfWork('turn', turnsPerUnit),
    ['dec si', 0x4e],
    ['jnz unit', 0x75, relative8('unit')],
    ['jmp line', 0xeb, relative8('line')],
  ];
}

const unitOfWork = (turn: string, turns: number): Listing => [
  ['mov ecx, turns', 0x66, 0xb9, long(turns)],
  label(turn),
  ['dec ecx', 0x66, 0x49],
  ['jnz turn', 0x75, relative8(turn)],
  ['lock inc dword [UNITS]', 0xf0, 0x66, 0xff, 0x06, word(UNITS)],
];

const TIMER_INTERRUPT: Listing = [
  label('tick'),
  ['inc dword [TICKS]', 0x66, 0xff, 0x06, word(TICKS)],
  ['push ax', 0x50],
  ['mov al, 0x20', 0xb0, 0x20],
  ['out 0x20, al', 0xe6, 0x20], // End of interrupt.
  ['pop ax', 0x58],
  ['iret', 0xcf],
];

const otherCpu = (turnsPerUnit: number): Listing => [
  label('other'),
  ['xor ax, ax', 0x31, 0xc0],
  ['mov ds, ax', 0x8e, 0xd8],
  label('other unit'),
  ...unitOfWork('other turn', turnsPerUnit),
  ['jmp other unit', 0xeb, relative8('other unit')],
  label('gdt'),
  ['null descriptor', long(0), long(0)],
  ['data, writable, 4 GiB', long(0x0000ffff), long(0x00cf9200)],
  label('gdt pointer'),
  ['limit and address', word(15), address16('gdt'), word(0)],
];
