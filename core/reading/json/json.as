// JSON by bytes, sixteen or sixty-four at a time. AssemblyScript (https://www.assemblyscript.org), built by build.ts.
// What is loaded into this module's memory has at least 64 readable bytes after it.

const QUOTE: u8 = 0x22;
const BACKSLASH: u8 = 0x5c;
const OPEN_OBJECT: u8 = 0x7b;
const CLOSE_OBJECT: u8 = 0x7d;
const OPEN_LIST: u8 = 0x5b;
const CLOSE_LIST: u8 = 0x5d;

// ---- endOfValue: where an object or a list ends -------------------------------------------------------------------

/** where the last call of endOfValue stopped: the depth, inside a string, after a backslash */
export let depth: i32 = 0;
export let inString: i32 = 0;
export let escaped: i32 = 0;
/** whether it met a backslash, in what it went over or shortly after */
let metBackslash: bool = false;

/**
 * From a place inside an object or a list to the one after its closing bracket; -1 when it does not end before `to`,
 * and depth, inString and escaped tell where to go on. Brackets and quotes inside strings count for nothing. The masks
 * of 64 bytes at a time are those of simdjson (Langdale and Lemire, "Parsing gigabytes of JSON per second", 2019).
 */
export function endOfValue(from: i32, to: i32, atDepth: i32, atString: i32, atEscaped: i32): i32 {
  let level = atDepth;
  // All bits are set inside a string, as prefixXor has them.
  let string: u64 = 0 - (atString as u64);
  let escape: u64 = atEscaped;
  metBackslash = false;
  let p = from;
  while (p + 64 <= to) {
    const a = v128.load(p);
    const b = v128.load(p, 16);
    const c = v128.load(p, 32);
    const d = v128.load(p, 48);
    const backslashes = mask(a, b, c, d, BACKSLASH);
    let quotes = mask(a, b, c, d, QUOTE);
    let nextEscape: u64 = 0;
    if ((backslashes | escape) != 0) {
      metBackslash = true;
      const starts = backslashes & ~escape;
      const follows = (starts << 1) | escape;
      const oddStarts = starts & ~EVEN & ~follows;
      const sum = oddStarts + starts;
      nextEscape = sum < oddStarts ? 1 : 0;
      quotes &= ~((EVEN ^ (sum << 1)) & follows);
    }
    const inside = prefixXor(quotes) ^ string;
    // A backslash outside of a string escapes nothing: such JSON is wrong, but it must be cut as it always was.
    if ((backslashes & ~inside) != 0) {
      depth = level;
      inString = (string & 1) as i32;
      escaped = escape as i32;
      const end = byteByByte(p, p + 64);
      if (end >= 0) return end;
      level = depth;
      string = 0 - (inString as u64);
      escape = escaped;
      p += 64;
      continue;
    }
    const closes = bracketMask(a, b, c, d, CLOSE_OBJECT) & ~inside;
    const opens = bracketMask(a, b, c, d, OPEN_OBJECT) & ~inside;
    const closing = popcnt<u64>(closes) as i32;
    if (closing >= level) {
      let left = closes;
      let closed = 0;
      while (left != 0) {
        const bit = left & (0 - left);
        closed += 1;
        if (level + (popcnt<u64>(opens & (bit - 1)) as i32) == closed) {
          depth = 0;
          return p + (ctz<u64>(bit) as i32) + 1;
        }
        left ^= bit;
      }
    }
    level += (popcnt<u64>(opens) as i32) - closing;
    string = 0 - (inside >> 63);
    escape = nextEscape;
    p += 64;
  }
  depth = level;
  inString = (string & 1) as i32;
  escaped = escape as i32;
  return byteByByte(p, to);
}

const EVEN: u64 = 0x5555555555555555;

function byteByByte(from: i32, to: i32): i32 {
  for (let p = from; p < to; p++) {
    const byte = load<u8>(p);
    if (byte == BACKSLASH) metBackslash = true;
    if (inString != 0) {
      if (escaped != 0) escaped = 0;
      else if (byte == BACKSLASH) escaped = 1;
      else if (byte == QUOTE) inString = 0;
    } else if (byte == QUOTE) inString = 1;
    else if (byte == OPEN_OBJECT || byte == OPEN_LIST) depth += 1;
    else if (byte == CLOSE_OBJECT || byte == CLOSE_LIST) {
      depth -= 1;
      if (depth == 0) return p + 1;
    }
  }
  return -1;
}

// @ts-ignore: decorator
@inline
function mask(a: v128, b: v128, c: v128, d: v128, byte: u8): u64 {
  const wanted = i8x16.splat(byte as i8);
  return (
    (i8x16.bitmask(i8x16.eq(a, wanted)) as u32 as u64) |
    ((i8x16.bitmask(i8x16.eq(b, wanted)) as u32 as u64) << 16) |
    ((i8x16.bitmask(i8x16.eq(c, wanted)) as u32 as u64) << 32) |
    ((i8x16.bitmask(i8x16.eq(d, wanted)) as u32 as u64) << 48)
  );
}

// A curly and a square bracket differ in one bit.
// @ts-ignore: decorator
@inline
function bracketMask(a: v128, b: v128, c: v128, d: v128, curly: u8): u64 {
  const bit = i8x16.splat(0x20);
  return mask(v128.or(a, bit), v128.or(b, bit), v128.or(c, bit), v128.or(d, bit), curly);
}

// @ts-ignore: decorator
@inline
function prefixXor(bits: u64): u64 {
  let x = bits;
  x ^= x << 1;
  x ^= x << 2;
  x ^= x << 4;
  x ^= x << 8;
  x ^= x << 16;
  x ^= x << 32;
  return x;
}

// ---- contains: does one of some words stand in the bytes ----------------------------------------------------------

/**
 * Whether one of the words stands in the bytes, or a `\\u` escape, in which any word may hide. At `table` an i32: the distance
 * from there to the beginnings of host names, 0 for none. Behind it the words, one after the other, each as its length (i32)
 * and its bytes; a length of 0 ends the list. A length with its highest bit set is that of a word whose letters, behind its
 * first byte, are small and stand for the large ones too. The beginnings, a list of the same kind beside one word at least,
 * stand for the words that go on with `.amazonaws.com`.
 */
export function contains(from: i32, to: i32, table: i32): i32 {
  return containsOneOf(from, to, table) || containsEscape(from, to) ? 1 : 0;
}

// Three at a time share what is loaded: one after the other took half as long again as finding where records end.
function containsOneOf(from: i32, to: i32, table: i32): bool {
  let word = table + 4;
  const hosts = load<i32>(table);
  if (hosts != 0) {
    const second = nextWord(word);
    if (containsTwoOrHost(from, to, word, second, table + hosts)) return true;
    word = second + 4 + lengthOf(second);
  }
  while (load<i32>(word) != 0) {
    const second = nextWord(word);
    if (second == word) return containsSingle(from, to, word);
    const third = nextWord(second);
    if (containsThree(from, to, word, second, third)) return true;
    word = third + 4 + lengthOf(third);
  }
  return false;
}

function containsSingle(from: i32, to: i32, a: i32): bool {
  const lastA = lengthOf(a) - 1;
  const firstOfA = i8x16.splat(load<i8>(a + 4));
  const lastOfA = i8x16.splat(load<i8>(a + 4 + lastA));
  const caseOfA = caseOfLast(a);
  let p = from;
  for (; p + lastA + 32 <= to; p += 32) {
    const places = v128.or(
      both(v128.load(p), firstOfA, v128.load(p + lastA), lastOfA, caseOfA),
      both(v128.load(p, 16), firstOfA, v128.load(p + lastA, 16), lastOfA, caseOfA),
    );
    if (v128.any_true(places) && containsWord(p, p + lastA + 32, a)) return true;
  }
  return containsWord(p, to, a);
}

/** The word after this one; this one again when it is the last. */
function nextWord(word: i32): i32 {
  const next = word + 4 + lengthOf(word);
  return load<i32>(next) == 0 ? word : next;
}

// @ts-ignore: decorator
@inline
function lengthOf(word: i32): i32 {
  return load<i32>(word) & i32.MAX_VALUE;
}

/** The bit to set before a byte is held against the word's last one: a large and a small letter differ in it alone. */
function caseOfLast(word: i32): v128 {
  const last = load<u8>(word + 3 + lengthOf(word));
  return i8x16.splat(load<i32>(word) < 0 && isSmallLetter(last) ? 0x20 : 0);
}

function isSmallLetter(byte: u8): bool {
  return byte >= 0x61 && byte <= 0x7a;
}

function containsThree(from: i32, to: i32, a: i32, b: i32, c: i32): bool {
  const lastA = lengthOf(a) - 1;
  const lastB = lengthOf(b) - 1;
  const lastC = lengthOf(c) - 1;
  const firstOfA = i8x16.splat(load<i8>(a + 4));
  const firstOfB = i8x16.splat(load<i8>(b + 4));
  const firstOfC = i8x16.splat(load<i8>(c + 4));
  const lastOfA = i8x16.splat(load<i8>(a + 4 + lastA));
  const lastOfB = i8x16.splat(load<i8>(b + 4 + lastB));
  const lastOfC = i8x16.splat(load<i8>(c + 4 + lastC));
  const caseOfA = caseOfLast(a);
  const caseOfB = caseOfLast(b);
  const caseOfC = caseOfLast(c);
  const longest = max(lastA, max(lastB, lastC));
  let p = from;
  for (; p + longest + 32 <= to; p += 32) {
    const first = v128.load(p);
    const second = v128.load(p, 16);
    const places = v128.or(
      v128.or(
        both(first, firstOfA, v128.load(p + lastA), lastOfA, caseOfA),
        both(second, firstOfA, v128.load(p + lastA, 16), lastOfA, caseOfA),
      ),
      v128.or(
        v128.or(
          both(first, firstOfB, v128.load(p + lastB), lastOfB, caseOfB),
          both(second, firstOfB, v128.load(p + lastB, 16), lastOfB, caseOfB),
        ),
        v128.or(
          both(first, firstOfC, v128.load(p + lastC), lastOfC, caseOfC),
          both(second, firstOfC, v128.load(p + lastC, 16), lastOfC, caseOfC),
        ),
      ),
    );
    if (!v128.any_true(places)) continue;
    if (
      containsWord(p, p + lastA + 32, a) ||
      containsWord(p, p + lastB + 32, b) ||
      containsWord(p, p + lastC + 32, c)
    )
      return true;
  }
  return containsWord(p, to, a) || containsWord(p, to, b) || containsWord(p, to, c);
}

/** All host names at once, by their only z. */
function containsTwoOrHost(from: i32, to: i32, a: i32, b: i32, hosts: i32): bool {
  const lastA = lengthOf(a) - 1;
  const lastB = lengthOf(b) - 1;
  const firstOfA = i8x16.splat(load<i8>(a + 4));
  const firstOfB = i8x16.splat(load<i8>(b + 4));
  const lastOfA = i8x16.splat(load<i8>(a + 4 + lastA));
  const lastOfB = i8x16.splat(load<i8>(b + 4 + lastB));
  const caseOfA = caseOfLast(a);
  const caseOfB = caseOfLast(b);
  const z = i8x16.splat(0x7a);
  const longest = max(lastA, lastB);
  let p = from;
  for (; p + longest + 32 <= to; p += 32) {
    const first = v128.load(p);
    const second = v128.load(p, 16);
    const a1 = both(first, firstOfA, v128.load(p + lastA), lastOfA, caseOfA);
    const a2 = both(second, firstOfA, v128.load(p + lastA, 16), lastOfA, caseOfA);
    const b1 = both(first, firstOfB, v128.load(p + lastB), lastOfB, caseOfB);
    const b2 = both(second, firstOfB, v128.load(p + lastB, 16), lastOfB, caseOfB);
    const z1 = i8x16.eq(first, z);
    const z2 = i8x16.eq(second, z);
    if (!v128.any_true(v128.or(v128.or(v128.or(a1, a2), v128.or(b1, b2)), v128.or(z1, z2)))) continue;
    if (
      hostAt(p, places(z1, z2), from, to, hosts) ||
      wordAt(p, places(a1, a2), a) ||
      wordAt(p, places(b1, b2), b)
    )
      return true;
  }
  for (let at = p; at < to; at += 16) {
    if (hostAt(at, i8x16.bitmask(i8x16.eq(v128.load(at), z)) as u32, from, to, hosts)) return true;
  }
  return containsWord(p, to, a) || containsWord(p, to, b);
}

// @ts-ignore: decorator
@inline
function places(first: v128, second: v128): u32 {
  return (i8x16.bitmask(first) as u32) | ((i8x16.bitmask(second) as u32) << 16);
}

/** Whether the word stands at one of the places behind `p` that have a bit. */
function wordAt(p: i32, among: u32, word: i32): bool {
  for (let bits = among; bits != 0; bits &= bits - 1)
    if (sameWord(p + (ctz<u32>(bits) as i32), word, lengthOf(word))) return true;
  return false;
}

/** Whether a host name lies whole between `from` and `to` that has its z at one of the places behind `p` that have a bit. */
function hostAt(p: i32, among: u32, from: i32, to: i32, hosts: i32): bool {
  for (let bits = among; bits != 0; bits &= bits - 1) {
    const at = p + (ctz<u32>(bits) as i32);
    const tail = at - 4;
    if (tail < from || at + 10 > to) continue;
    // ".amazona, ws.c, om"
    if (load<u64>(tail) != 0x616e6f7a616d612e || load<u32>(tail, 8) != 0x632e7377 || load<u16>(tail, 12) != 0x6d6f)
      continue;
    for (let host = hosts; load<i32>(host) != 0; host += 4 + lengthOf(host)) {
      const start = tail - lengthOf(host);
      if (start >= from && same(start, host + 4, lengthOf(host))) return true;
    }
  }
  return false;
}

// @ts-ignore: decorator
@inline
function both(block: v128, first: v128, later: v128, last: v128, caseOf: v128): v128 {
  return v128.and(i8x16.eq(block, first), i8x16.eq(v128.or(later, caseOf), last));
}

function containsEscape(from: i32, to: i32): bool {
  const backslash = i8x16.splat(BACKSLASH as i8);
  const u = i8x16.splat(0x75);
  for (let p = from; p + 1 < to; p += 16) {
    const both = v128.and(i8x16.eq(v128.load(p), backslash), i8x16.eq(v128.load(p + 1), u));
    if (!v128.any_true(both)) continue;
    if (p + (ctz<u32>(i8x16.bitmask(both) as u32) as i32) + 1 < to) return true;
  }
  return false;
}

function containsWord(from: i32, to: i32, word: i32): bool {
  const length = lengthOf(word);
  const first = i8x16.splat(load<i8>(word + 4));
  const last = i8x16.splat(load<i8>(word + 3 + length));
  const caseOf = caseOfLast(word);
  const lastStart = to - length;
  for (let p = from; p <= lastStart; p += 16) {
    const places = both(v128.load(p), first, v128.load(p + length - 1), last, caseOf);
    if (!v128.any_true(places)) continue;
    for (let bits = i8x16.bitmask(places) as u32; bits != 0; bits &= bits - 1) {
      const at = p + (ctz<u32>(bits) as i32);
      if (at <= lastStart && sameWord(at, word, length)) return true;
    }
  }
  return false;
}

function sameWord(at: i32, word: i32, length: i32): bool {
  if (load<i32>(word) >= 0) return same(at, word + 4, length);
  for (let i = 0; i < length; i++) {
    const wanted = load<u8>(word + 4 + i);
    const byte = load<u8>(at + i);
    if ((isSmallLetter(wanted) ? byte | 0x20 : byte) != wanted) return false;
  }
  return true;
}

function same(a: i32, b: i32, length: i32): bool {
  for (let i = 0; i < length; i++) if (load<u8>(a + i) != load<u8>(b + i)) return false;
  return true;
}

// ---- readFields: is this valid JSON, and where are the values of some of its fields -------------------------------

/** Bytes a wanted name may have, and the distance from one name to the next. */
export const nameSize: i32 = 32;

let names: i32 = 0;
let lengths: i32 = 0;
let fields: i32 = 0;
let wanted: i32 = 0;

/**
 * At `list` up to 32 wanted names, nameSize bytes apart. At `byLength` an u32 for each length from 0 to 31: a bit for
 * each name of that length. At `places` readFields writes two i32 for each name: where its last value begins and ends,
 * 0 for a name that is not there. An end with its highest bit set is that of a string with a backslash in it.
 */
export function useFields(list: i32, byLength: i32, places: i32, count: i32): void {
  names = list;
  lengths = byLength;
  fields = places;
  wanted = count;
}

/**
 * Reads one JSON object, all of it: 1 for a valid one of ASCII alone, 2 for a valid one. 0 for anything else and for
 * what is left to JSON.parse: escapes in the object's own names, more than 63 levels. Never 1 or 2 for what JSON.parse
 * refuses.
 */
export function readFields(from: i32, to: i32): i32 {
  memory.fill(fields, 0, wanted * 8);
  seen = i8x16.splat(0);
  let p = space(from, to);
  if (p >= to || load<u8>(p) != OPEN_OBJECT) return 0;
  // One bit for each level, the lowest for the innermost: 1 in an object, 0 in a list.
  let levels: u64 = 1;
  let level = 1;
  let slot = -1;
  let valueAt = 0;
  let valueFlag = 0;
  p = space(p + 1, to);
  let ended = p < to && load<u8>(p) == CLOSE_OBJECT;
  while (true) {
    if (!ended) {
      if (p >= to) return 0;
      if ((levels & 1) != 0) {
        const name = p;
        p = stringEnd(name, to);
        if (p == 0) return 0;
        if (level == 1) {
          if (backslash) return 0;
          slot = slotOf(name + 1, p - name - 2);
        }
        p = space(p, to);
        if (p >= to || load<u8>(p) != 0x3a) return 0;
        p = space(p + 1, to);
        if (p >= to) return 0;
        if (level == 1) {
          valueAt = p;
          valueFlag = 0;
        }
      }
      const byte = load<u8>(p);
      if (byte == QUOTE) {
        p = stringEnd(p, to);
        if (p == 0) return 0;
        if (level == 1 && backslash) valueFlag = HIGHEST;
      } else if (byte == OPEN_OBJECT || byte == OPEN_LIST) {
        if (level == 63) return 0;
        const object = byte == OPEN_OBJECT;
        levels = (levels << 1) | (object ? 1 : 0);
        level += 1;
        p = space(p + 1, to);
        ended = p < to && load<u8>(p) == (object ? CLOSE_OBJECT : CLOSE_LIST);
        continue;
      } else {
        p = scalarEnd(p, to, byte);
        if (p == 0) return 0;
      }
    }
    // After a value, or before the end of what has none.
    while (true) {
      if (!ended) {
        if (level == 1 && slot >= 0) {
          store<i32>(fields + slot * 8, valueAt);
          store<i32>(fields + slot * 8 + 4, p | valueFlag);
        }
        p = space(p, to);
        if (p >= to) return 0;
        const byte = load<u8>(p);
        if (byte == 0x2c) {
          p = space(p + 1, to);
          break;
        }
        if (byte != ((levels & 1) != 0 ? CLOSE_OBJECT : CLOSE_LIST)) return 0;
      }
      ended = false;
      levels >>= 1;
      level -= 1;
      p += 1;
      if (level == 0) {
        if (space(p, to) != to) return 0;
        return i8x16.bitmask(seen) == 0 ? 1 : 2;
      }
    }
  }
}

const HIGHEST: i32 = i32.MIN_VALUE;

/** every block of a string that was looked at: its highest bits tell whether all was ASCII */
let seen: v128 = i8x16.splat(0);
/** whether the last string had a backslash in it */
let backslash: bool = false;

// @ts-ignore: decorator
@inline
function space(from: i32, to: i32): i32 {
  let p = from;
  while (p < to) {
    const byte = load<u8>(p);
    if (byte > 0x20 || (byte != 0x20 && byte != 0x0a && byte != 0x0d && byte != 0x09)) break;
    p += 1;
  }
  return p;
}

/** After the closing quote of the string that begins at `from`; 0 when it is none. */
function stringEnd(from: i32, to: i32): i32 {
  backslash = false;
  if (load<u8>(from) != QUOTE) return 0;
  const quote = i8x16.splat(QUOTE as i8);
  const slash = i8x16.splat(BACKSLASH as i8);
  const control = i8x16.splat(0x20);
  let p = from + 1;
  while (p < to) {
    const block = v128.load(p);
    seen = v128.or(seen, block);
    const stops = v128.or(v128.or(i8x16.eq(block, quote), i8x16.eq(block, slash)), i8x16.lt_u(block, control));
    const bits = i8x16.bitmask(stops) as u32;
    if (bits == 0) {
      p += 16;
      continue;
    }
    p += ctz<u32>(bits) as i32;
    if (p >= to) return 0;
    const byte = load<u8>(p);
    if (byte == QUOTE) return p + 1;
    if (byte != BACKSLASH) return 0;
    backslash = true;
    p = escapeEnd(p + 1, to);
    if (p == 0) return 0;
  }
  return 0;
}

function escapeEnd(p: i32, to: i32): i32 {
  if (p >= to) return 0;
  switch (load<u8>(p)) {
    case 0x22:
    case 0x5c:
    case 0x2f:
    case 0x62:
    case 0x66:
    case 0x6e:
    case 0x72:
    case 0x74:
      return p + 1;
    case 0x75: {
      if (p + 5 > to) return 0;
      for (let i = 1; i < 5; i++) if (!isHex(load<u8>(p + i))) return 0;
      return p + 5;
    }
    default:
      return 0;
  }
}

function isHex(byte: u8): bool {
  const letter = byte | 0x20;
  return isDigit(byte) || (letter >= 0x61 && letter <= 0x66);
}

// @ts-ignore: decorator
@inline
function isDigit(byte: u8): bool {
  return byte >= 0x30 && byte <= 0x39;
}

/** After the number or the word true, false or null at `p`; 0 when it is none. */
function scalarEnd(p: i32, to: i32, byte: u8): i32 {
  if (byte == 0x74) return p + 4 <= to && load<u32>(p) == 0x65757274 ? p + 4 : 0;
  if (byte == 0x6e) return p + 4 <= to && load<u32>(p) == 0x6c6c756e ? p + 4 : 0;
  if (byte == 0x66) return p + 5 <= to && load<u32>(p + 1) == 0x65736c61 ? p + 5 : 0;
  let at = byte == 0x2d ? p + 1 : p;
  if (at < to && load<u8>(at) == 0x30) at += 1;
  else {
    at = digits(at, to);
    if (at == 0) return 0;
  }
  if (at < to && load<u8>(at) == 0x2e) {
    at = digits(at + 1, to);
    if (at == 0) return 0;
  }
  if (at < to && (load<u8>(at) | 0x20) == 0x65) {
    at += 1;
    if (at < to && (load<u8>(at) == 0x2b || load<u8>(at) == 0x2d)) at += 1;
    at = digits(at, to);
  }
  return at;
}

/** After one digit or more; 0 when there is none. */
function digits(from: i32, to: i32): i32 {
  let p = from;
  while (p < to && isDigit(load<u8>(p))) p += 1;
  return p == from ? 0 : p;
}

function slotOf(name: i32, length: i32): i32 {
  if (length >= nameSize) return -1;
  for (let bits = load<u32>(lengths + length * 4); bits != 0; bits &= bits - 1) {
    const slot = ctz<u32>(bits) as i32;
    if (same(name, names + slot * nameSize, length)) return slot;
  }
  return -1;
}

// ---- known: was this text seen before -----------------------------------------------------------------------------

/** What known says of a text that it does not keep. */
export const notKept: i32 = -1;
/** What knownFields says of a field that is not there. */
export const absent: i32 = -2;

let slots: i32 = 0;
let slotMask: i32 = 0;
let kept: i32 = 0;
let keptEnd: i32 = 0;
let free: i32 = 0;
let count: i32 = 0;

/** `table` takes `size` i32 (a power of two), the texts themselves lie from `from` to `to`, where 8 more can be read. */
export function useKept(table: i32, size: i32, from: i32, to: i32): void {
  slots = table;
  slotMask = size - 1;
  kept = from;
  keptEnd = to;
  forget();
}

/** Whether there was no room for a text. */
export let crowded: bool = false;

/** Keeps none of the texts any more. */
export function forget(): void {
  crowded = false;
  memory.fill(slots, 0, (slotMask + 1) * 4);
  free = kept;
  count = 0;
}

/**
 * The number of a text among those kept, byte for byte. A new one is kept: its number is then the count of those before.
 * notKept when there is no room, or too many stand where it would.
 */
export function known(from: i32, to: i32): i32 {
  const length = to - from;
  const hash = hashOf(from, length);
  for (let i = 0; i < 8; i++) {
    const slot = slots + (((hash as i32) + i) & slotMask) * 4;
    const entry = load<i32>(slot);
    if (entry == 0) {
      if (free + 16 + length > keptEnd || count > slotMask >> 1) break;
      store<u32>(free, hash);
      store<i32>(free + 4, length);
      store<i32>(free + 8, count);
      memory.copy(free + 12, from, length);
      store<i32>(slot, free);
      free += (12 + length + 7) & ~7;
      count += 1;
      return count - 1;
    }
    if (load<u32>(entry) == hash && load<i32>(entry + 4) == length && sameText(entry + 12, from, length)) {
      return load<i32>(entry + 8);
    }
  }
  crowded = true;
  return notKept;
}

/**
 * Of the record last read by readFields the numbers of the values of its first `all` fields, as an i32 each at `numbers`:
 * notKept for one of more than `most` bytes, absent for one that is not there. Behind them, told apart by these numbers as
 * texts are by their bytes, the number of the first `few` together and that of the others together; notKept when one of
 * them is not kept.
 */
export function knownFields(few: i32, all: i32, most: i32, numbers: i32): void {
  for (let slot = 0; slot < all; slot++) {
    const from = load<i32>(fields + slot * 8);
    const to = load<i32>(fields + slot * 8 + 4) & i32.MAX_VALUE;
    store<i32>(numbers + slot * 4, from == 0 ? absent : to - from > most ? notKept : known(from, to));
  }
  const between = numbers + few * 4;
  const end = numbers + all * 4;
  store<i32>(end, knownTogether(numbers, between));
  store<i32>(end + 4, knownTogether(between, end));
}

// No JSON has the zero bytes of small numbers, so a list of them is never taken for a text.
function knownTogether(from: i32, to: i32): i32 {
  for (let p = from; p < to; p += 4) if (load<i32>(p) == notKept) return notKept;
  return known(from, to);
}

// Two words at a time, because each multiplication waits for the one before.
function hashOf(from: i32, length: i32): u32 {
  let one: u64 = 0x9e3779b97f4a7c15 ^ (length as u64);
  let other: u64 = 0xc2b2ae3d27d4eb4f;
  let at = from;
  let left = length;
  for (; left >= 16; left -= 16) {
    one = mixed(one ^ load<u64>(at));
    other = mixed(other ^ load<u64>(at, 8));
    at += 16;
  }
  if (left >= 8) {
    one = mixed(one ^ load<u64>(at));
    at += 8;
    left -= 8;
  }
  if (left > 0) other = mixed(other ^ (load<u64>(at) & (((1 as u64) << ((left * 8) as u64)) - 1)));
  return mixed(one ^ rotl<u64>(other, 32)) as u32;
}

// @ts-ignore: decorator
@inline
function mixed(word: u64): u64 {
  const product = word * 0xff51afd7ed558ccd;
  return product ^ (product >> 32);
}

function sameText(a: i32, b: i32, length: i32): bool {
  let i = 0;
  for (; i + 16 <= length; i += 16) {
    if (!i8x16.all_true(i8x16.eq(v128.load(a + i), v128.load(b + i)))) return false;
  }
  return same(a + i, b + i, length - i);
}

// ---- nextCandidate: over the records that cannot matter ------------------------------------------------------------

/** how many records nextCandidate went over, and where the one it stopped at begins; 0 for none */
export let passed: i32 = 0;
export let candidate: i32 = 0;

/**
 * From after a record of a list on, as long as a comma and a whole object follow: to after the first one that holds one
 * of the words, or to after the last. What else may follow, and what goes on beyond `to`, is left to the caller.
 */
export function nextCandidate(from: i32, to: i32, table: i32): i32 {
  passed = 0;
  candidate = 0;
  let p = from;
  while (true) {
    let start = space(p, to);
    if (start >= to || load<u8>(start) != 0x2c) return p;
    start = space(start + 1, to);
    if (start >= to || load<u8>(start) != OPEN_OBJECT) return p;
    const end = endOfValue(start + 1, to, 1, 0, 0);
    if (end < 0) return p;
    p = end;
    passed += 1;
    if (containsOneOf(start, end, table) || (metBackslash && containsEscape(start, end))) {
      candidate = start;
      return p;
    }
  }
}

// ---- nextTime: the fields that may be earlier than what is known ---------------------------------------------------

/** `"eventTime"`: its length, and where the letters stand that it is looked for by: both are rare. */
const TIME_NAME: i32 = 11;
const TIME_V: i32 = 2;
const TIME_T: i32 = 6;

/**
 * The next `"eventTime"` that lies whole between `from` and `to`, unless its value is a time as CloudTrail writes it that is no
 * earlier than the 20 bytes at `known`, which are passed over; -1 when there is none. `known` 0: whatever its value.
 */
export function nextTime(from: i32, to: i32, known: i32): i32 {
  const v = i8x16.splat(0x76);
  const t = i8x16.splat(0x54);
  const last = to - TIME_NAME;
  for (let p = from; p <= last; p += 32) {
    const first = v128.and(i8x16.eq(v128.load(p + TIME_V), v), i8x16.eq(v128.load(p + TIME_T), t));
    const second = v128.and(i8x16.eq(v128.load(p + TIME_V, 16), v), i8x16.eq(v128.load(p + TIME_T, 16), t));
    if (!v128.any_true(v128.or(first, second))) continue;
    let bits = (i8x16.bitmask(first) as u32) | ((i8x16.bitmask(second) as u32) << 16);
    for (; bits != 0; bits &= bits - 1) {
      const at = p + (ctz<u32>(bits) as i32);
      if (at > last) break;
      // "eventTi, me"
      if (load<u64>(at) != 0x6954746e65766522 || load<u16>(at, 8) != 0x656d || load<u8>(at, 10) != QUOTE) continue;
      if (known == 0 || !isNoEarlier(at + TIME_NAME, to, known)) return at;
    }
  }
  return -1;
}

/** `:"2026-09-18T00:03:00Z"` of the same second as what is known, or a later one. */
function isNoEarlier(at: i32, to: i32, known: i32): bool {
  if (at + 23 > to) return false;
  if (load<u8>(at) != 0x3a || load<u8>(at, 1) != QUOTE || load<u8>(at, 22) != QUOTE) return false;
  const value = at + 2;
  for (let i = 0; i < 16; i += 8) {
    const mine = bswap<u64>(load<u64>(value + i));
    const theirs = bswap<u64>(load<u64>(known + i));
    if (mine != theirs) return mine > theirs;
  }
  return bswap<u32>(load<u32>(value, 16)) >= bswap<u32>(load<u32>(known, 16));
}
