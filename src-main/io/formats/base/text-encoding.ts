import { invalidFile } from './problem.ts'

/** Text of a table: UTF-8, or UTF-16 with its byte-order mark as Excel writes "Unicode text". Other encodings are refused. */
export function decodeText(bytes: Uint8Array, file: string): string {
  const [a, b] = bytes
  const encoding = a === 0xff && b === 0xfe ? 'utf-16le' : a === 0xfe && b === 0xff ? 'utf-16be' : 'utf-8'
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes)
    if (!text.includes('\0')) return text
  } catch {
    // told below, with what to do
  }
  throw invalidFile(file, null, 'is not written in UTF-8.', 'Save it as "CSV UTF-8" and add it again.')
}
