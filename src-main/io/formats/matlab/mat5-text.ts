import type { ByteSource } from '../base/byte-source.ts'
import { readReal, type Tag } from './mat5.ts'
import { invalidFile } from '../base/problem.ts'

const UTF8 = 16
const UTF32 = 18

/** Rows of the char matrix of a MATLAB v5 file, without the blanks that pad them. */
export function readText(
  content: ByteSource,
  name: string,
  tag: Tag,
  shape: readonly number[],
  little: boolean,
): string[] {
  if (tag.type === UTF8) return rowsOf(codesOfUtf8(content, name, tag, shape), shape)
  const codes = readReal(content, name, tag, shape, little)
  // The types of Unicode say what they hold; in the older types of numbers it depends on who wrote them.
  return rowsOf(codes, shape, tag.type > UTF8 && tag.type <= UTF32 ? fromUnicode : fromNumbers)
}

/** The rows of a char matrix, which is stored column by column; the blanks that make them equally long are cut. */
export function rowsOf(
  codes: ArrayLike<number>,
  [rows = 1]: readonly number[],
  toText: (codes: readonly number[]) => string = fromUnicode,
): string[] {
  return Array.from({ length: rows }, (_, row) =>
    toText(
      Array.from({ length: codes.length / Math.max(1, rows) }, (_, i) => codes[row + i * rows] ?? 32),
    ).trimEnd(),
  )
}

const REPLACEMENT = 0xfffd
const LAST_CODE_POINT = 0x10ffff

/** Code points, or code units of UTF-16. */
const fromUnicode = (codes: readonly number[]): string =>
  codes
    .map((code) => String.fromCodePoint(code >= 0 && code <= LAST_CODE_POINT ? code : REPLACEMENT))
    .join('')

/**
 * Text in a type of numbers. Octave stores each byte of UTF-8 as a number, MATLAB's `-v6` under a locale of UTF-8 the two bytes
 * of a character as one number, others Latin-1 or UTF-16. Latin-1 and UTF-16 are hardly ever valid as the former two.
 */
function fromNumbers(numbers: readonly number[]): string {
  const codes = numbers.map((code) => (code < 0 ? code & 0xff : code)) // signed bytes
  const foreign = codes.filter((code) => code > 0x7f)
  if (foreign.length === 0) return fromUnicode(codes)
  const areBytes = foreign.every((code) => code <= 0xff)
  const arePairs = foreign.every((code) => isPair(code >> 8, code & 0xff))
  if (!areBytes && !arePairs) return fromUnicode(codes)
  const bytes = codes.flatMap((code) => (code > 0xff ? [code >> 8, code & 0xff] : [code]))
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes))
  } catch {
    return fromUnicode(codes)
  }
}

/** The two bytes of one character of UTF-8. */
const isPair = (first: number, second: number): boolean =>
  first >= 0xc2 && first <= 0xdf && second >= 0x80 && second <= 0xbf

/** Characters as numbers: UTF-8 has more bytes than the text has characters. */
function codesOfUtf8(
  content: ByteSource,
  name: string,
  tag: Tag,
  shape: readonly number[],
): ArrayLike<number> {
  const text = Buffer.from(content.read(tag.dataAt, tag.bytes)).toString('utf8')
  const count = shape.reduce((a, b) => a * b, 1)
  const units = Array.from({ length: text.length }, (_, i) => text.charCodeAt(i))
  const codes = units.length === count ? units : Array.from(text, (char) => char.codePointAt(0) ?? 0)
  if (codes.length === count) return codes
  throw invalidFile(
    content.name,
    name,
    `is text of ${codes.length} characters, its shape ${shape.join(' x ')} needs ${count}.`,
    'The file is damaged.',
  )
}
