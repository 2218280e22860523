import { cellText } from '../../../src-shared/util/tables-as-text.ts'

/** File systems allow 255 bytes; an ending and a number must still fit. */
const MAX_NAME_BYTES = 200
/** Signs that a path or a shell takes for more than a letter, and those that turn the direction of writing around. */
const UNSAFE = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069/\\:*?"<>|]/gu
/** Names of devices, also with an ending: https://learn.microsoft.com/windows/win32/fileio/naming-a-file */
const DEVICE = /^(con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³])(\.|$)/i

/** A name that is a single, ordinary file name on every system. */
export function safeFileName(name: string): string {
  const plain = shortened(name.replace(UNSAFE, '_').replace(/^\.+/, '_')).replace(/[. ]+$/, '')
  return plain === '' || DEVICE.test(plain) ? `_${plain}` : plain
}

/** Whole characters, as many as fit. */
function shortened(text: string): string {
  let [kept, bytes] = ['', 0]
  for (const char of text) {
    bytes += Buffer.byteLength(char)
    if (bytes > MAX_NAME_BYTES) break
    kept += char
  }
  return kept
}

/** A cell of text: quoted where needed; what spreadsheets take for a formula is defused. */
export function csvCell(text: string): string {
  const plain = cellText(text)
  return /[",;\n\r]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
