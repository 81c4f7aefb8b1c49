/** An operand wider than a byte, or one that refers to a label. */
export type Operand =
  | { readonly kind: 'word'; readonly value: number }
  | { readonly kind: 'long'; readonly value: number }
  | { readonly kind: 'address16' | 'relative8' | 'relative16'; readonly label: string };

/** One instruction: its mnemonic for the reader, then its bytes for the processor. */
export type Instruction = readonly [mnemonic: string, ...code: readonly (number | Operand)[]];

/** A program: instructions, and labels that name the address of what follows. */
export type Listing = readonly (Instruction | { readonly label: string })[];

/** A 16-bit number, low byte first. */
export const word = (value: number): Operand => ({ kind: 'word', value });
/** A 32-bit number, low byte first. */
export const long = (value: number): Operand => ({ kind: 'long', value });
/** The 16-bit address of a label. */
export const address16 = (label: string): Operand => ({ kind: 'address16', label });
/** The distance from the end of the operand to a label, in 8 bits: a short jump's. */
export const relative8 = (label: string): Operand => ({ kind: 'relative8', label });
/** The same in 16 bits: a near call's. */
export const relative16 = (label: string): Operand => ({ kind: 'relative16', label });
export const label = (name: string): { readonly label: string } => ({ label: name });

const SIZES = { word: 2, long: 4, address16: 2, relative8: 1, relative16: 2 } as const;

/**
 * Machine code of a listing that will stand at address `origin`: all of an assembler that a boot sector
 * needs, so that building one takes no tool beside this repository. Throws a RangeError for a label that is
 * missing, defined twice or too far away for its jump, and for a number that is not a byte.
 */
export function assemble(origin: number, listing: Listing): Uint8Array {
  const { labels, end } = layOut(origin, listing);
  const code = new Uint8Array(end - origin);
  const view = new DataView(code.buffer);
  let at = 0;
  for (const item of listing) {
    if ('label' in item) continue;
    for (const part of item.slice(1) as readonly (number | Operand)[]) {
      write(view, at, part, origin, labels);
      at += sizeOf(part);
    }
  }
  return code;
}

function layOut(origin: number, listing: Listing): { labels: ReadonlyMap<string, number>; end: number } {
  const labels = new Map<string, number>();
  let address = origin;
  for (const item of listing) {
    if ('label' in item) {
      if (labels.has(item.label)) throw new RangeError(`label ${item.label} is defined twice`);
      labels.set(item.label, address);
    } else {
      for (const part of item.slice(1) as readonly (number | Operand)[]) address += sizeOf(part);
    }
  }
  return { labels, end: address };
}

const sizeOf = (part: number | Operand): number => (typeof part === 'number' ? 1 : SIZES[part.kind]);

function write(
  view: DataView,
  at: number,
  part: number | Operand,
  origin: number,
  labels: ReadonlyMap<string, number>,
): void {
  if (typeof part === 'number') {
    view.setUint8(at, inRange(part, 0, 255));
  } else if (part.kind === 'word') {
    view.setUint16(at, part.value, true);
  } else if (part.kind === 'long') {
    view.setUint32(at, part.value, true);
  } else {
    const target = labels.get(part.label);
    if (target === undefined) throw new RangeError(`label ${part.label} is not defined`);
    const distance = target - (origin + at + sizeOf(part));
    if (part.kind === 'address16') view.setUint16(at, target, true);
    else if (part.kind === 'relative16') view.setInt16(at, distance, true);
    else view.setInt8(at, inRange(distance, -128, 127));
  }
}

function inRange(value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new RangeError(`${value} does not fit into one byte`);
}
