/** A name that is a single, ordinary file name on every system. */
export function safeFileName(name: string): string {
  const cleaned = Array.from(name, (char) => (char < ' ' || '/\\:*?"<>|'.includes(char) ? '_' : char)).join(
    '',
  )
  const plain = cleaned
    .replace(/^\.+/, '_')
    .replace(/[. ]+$/, '')
    .slice(0, 100)
  return plain === '' || /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(plain) ? `_${plain}` : plain
}

/** A cell of text: quoted where needed; a leading sign that spreadsheets take for a formula is defused. */
export function csvCell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",;\n\r]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
