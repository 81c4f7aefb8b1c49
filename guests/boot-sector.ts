import { address16, assemble, type Listing, label, relative8, relative16, word } from './assemble.js';

/**
 * Where the BIOS puts the sector. What it writes is on other pages: TCG watches writes to pages that hold
 * code.
 */
const ORIGIN = 0x7c00;
const STACK_TOP = 0x7000;
/** Addresses of what programs count: 32 bits each, zero at first. */
export const UNITS = 0x5000;
export const TICKS = 0x5004;

/** The sector of a program that begins with {@link ENTER}; throws a RangeError where it does not fit. */
export function bootSector(program: Listing): Uint8Array {
  const sector = new Uint8Array(512);
  const code = assemble(ORIGIN, program);
  if (code.length > 510)
    throw new RangeError(`a program of ${code.length} bytes does not fit into a boot sector`);
  sector.set(code);
  sector.set([0x55, 0xaa], 510);
  return sector;
}

/** Segments, stack, counters and COM1 are ready, interrupts off. */
export const ENTER: Listing = [
  ['cli', 0xfa],
  ['jmp 0:start', 0xea, address16('start'), word(0)], // Some BIOSes enter at 07c0:0000.
  label('start'),
  ['xor ax, ax', 0x31, 0xc0],
  ['mov ds, ax', 0x8e, 0xd8],
  ['mov ss, ax', 0x8e, 0xd0],
  ['mov sp, STACK_TOP', 0xbc, word(STACK_TOP)],
  ['xor eax, eax', 0x66, 0x31, 0xc0],
  ['mov [UNITS], eax', 0x66, 0xa3, word(UNITS)],
  ['mov [TICKS], eax', 0x66, 0xa3, word(TICKS)],
  ['mov dx, 0x3f9', 0xba, word(0x3f9)], // COM1, interrupt enable register: none.
  ['xor al, al', 0x30, 0xc0],
  ['out dx, al', 0xee],
  ['mov dx, 0x3fb', 0xba, word(0x3fb)], // Line control register: 8 bits, no parity, 1 stop bit.
  ['mov al, 3', 0xb0, 0x03],
  ['out dx, al', 0xee],
];

/** `print hex`: eax as 8 digits, spoils eax, edi, cx, dx. `print`: the byte in al, spoils ah, dx. */
export const PRINT: Listing = [
  label('print hex'),
  ['mov edi, eax', 0x66, 0x89, 0xc7],
  ['mov cx, 8', 0xb9, word(8)],
  label('digit'),
  ['rol edi, 4', 0x66, 0xc1, 0xc7, 0x04],
  ['mov ax, di', 0x89, 0xf8],
  ['and al, 15', 0x24, 0x0f],
  ["add al, '0'", 0x04, 0x30],
  ["cmp al, '9'+1", 0x3c, 0x3a],
  ['jb is decimal', 0x72, relative8('is decimal')],
  ["add al, 'a'-'9'-1", 0x04, 0x27],
  label('is decimal'),
  ['call print', 0xe8, relative16('print')],
  ['loop digit', 0xe2, relative8('digit')],
  ['ret', 0xc3],
  label('print'),
  ['mov ah, al', 0x88, 0xc4],
  ['mov dx, 0x3fd', 0xba, word(0x3fd)], // Line status register.
  label('busy'),
  ['in al, dx', 0xec],
  ['test al, 0x20', 0xa8, 0x20], // The transmitter is free.
  ['jz busy', 0x74, relative8('busy')],
  ['mov al, ah', 0x88, 0xe0],
  ['mov dx, 0x3f8', 0xba, word(0x3f8)],
  ['out dx, al', 0xee],
  ['ret', 0xc3],
];
