/** Coarse to fine: what is cut out whole. */
const CUTS: readonly RegExp[] = [/[^\n]*\n?/gu, /"[^"\n]*"|[A-Za-z][\w-]*|\d+|\s+|./gsu, /./gsu];
/** Whichever comes first: what fails slowly is not shrunken for ever. */
const MAX_ATTEMPTS = 20_000;
const MAX_MS = 30_000;

/** A smaller text that still fails; pieces are left out as long as it does (delta debugging, Zeller 2002). */
export async function shrink(
  text: string,
  fails: (text: string) => boolean | Promise<boolean>,
): Promise<string> {
  let smallest = text;
  let attempts = 0;
  const until = performance.now() + MAX_MS;
  const stillFails = async (candidate: string): Promise<boolean> => {
    attempts += 1;
    return attempts <= MAX_ATTEMPTS && performance.now() < until && (await fails(candidate));
  };
  for (let length = Infinity; smallest.length < length; ) {
    length = smallest.length;
    for (const cut of CUTS) smallest = await withoutPieces(smallest.match(cut) ?? [], stillFails);
  }
  return smallest;
}

async function withoutPieces(
  pieces: readonly string[],
  fails: (text: string) => Promise<boolean>,
): Promise<string> {
  let left = [...pieces];
  for (let size = Math.ceil(left.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < left.length; ) {
      const candidate = [...left.slice(0, at), ...left.slice(at + size)];
      if (candidate.length < left.length && (await fails(candidate.join('')))) left = candidate;
      else at += size;
    }
  }
  return left.join('');
}
