import { address16, type Listing, label, long, relative8, relative16, word } from '../assemble.js';
import { bootSector, ENTER, PRINT, UNITS } from '../boot-sector.js';

/** Sectors of 512 bytes in one read: one unit of progress. */
export const SECTORS_PER_UNIT = 64;
export const BYTES_PER_UNIT = 512 * SECTORS_PER_UNIT;
const UNITS_PER_LINE = 4;
/** Where reads end up: a segment that nothing else uses. */
const BUFFER_SEGMENT = 0x1000;
/** The BIOS's number of the second disk. */
const DRIVE = 0x81;

/** Phoenix's Enhanced Disk Drive Specification 3.0: size, count, where to, from which sector. */
const ADDRESS_PACKET: Listing = [
  label('packet'),
  ['size, reserved', 0x10, 0x00],
  ['sectors', word(SECTORS_PER_UNIT)],
  ['offset, segment', word(0), word(BUFFER_SEGMENT)],
  ['sector', long(0), long(0)],
];

/**
 * A boot sector that reads the first {@link BYTES_PER_UNIT} bytes of the machine's second disk, by the BIOS (int 0x13, EDD's
 * extended read), again and again, and says how often it has: lines as the counter image's, a unit being one read. A
 * read that fails counts for nothing and is tried again.
 */
export const readerImage = (): Uint8Array =>
  bootSector([
    ...ENTER,
    ['sti', 0xfb],
    label('line'),
    ['mov eax, [UNITS]', 0x66, 0xa1, word(UNITS)],
    ['call print hex', 0xe8, relative16('print hex')],
    ["mov al, '\\n'", 0xb0, 0x0a],
    ['call print', 0xe8, relative16('print')],
    ['mov bp, UNITS_PER_LINE', 0xbd, word(UNITS_PER_LINE)],
    label('unit'),
    ['mov ah, 0x42', 0xb4, 0x42],
    ['mov dl, DRIVE', 0xb2, DRIVE],
    ['mov si, packet', 0xbe, address16('packet')],
    ['int 0x13', 0xcd, 0x13],
    ['jc unit', 0x72, relative8('unit')],
    ['inc dword [UNITS]', 0x66, 0xff, 0x06, word(UNITS)],
    ['dec bp', 0x4d],
    ['jnz unit', 0x75, relative8('unit')],
    ['jmp line', 0xeb, relative8('line')],
    ...PRINT,
    ...ADDRESS_PACKET,
  ]);
