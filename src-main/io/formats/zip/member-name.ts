import { refusedFile } from '../base/problem.ts'

/** Upper half of code page 437, in which zip writers store names that they do not mark as UTF-8. */
const CODE_PAGE_437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0'

/**
 * Name of an archive member with forward slashes. Some writers for Windows store backslashes, against the format: they
 * separate folders. Bytes that are no UTF-8 are read as code page 437, which the format prescribes for unmarked names.
 */
export function memberName(bytes: Uint8Array): string {
  return decode(bytes).replaceAll('\\', '/')
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return Array.from(bytes, (byte) =>
      byte < 128 ? String.fromCharCode(byte) : CODE_PAGE_437[byte - 128],
    ).join('')
  }
}

/** Names of archive members become paths: anything that could leave the folder is refused. */
export function checkMemberName(file: string, name: string): void {
  const unsafe =
    name === '' ||
    name.startsWith('/') ||
    name.includes('\0') ||
    /^[a-zA-Z]:/.test(name) ||
    name.split('/').includes('..')
  if (unsafe)
    throw refusedFile(
      file,
      JSON.stringify(name),
      'its name points outside the archive.',
      'Do not use this archive.',
    )
}
