/** A text of at most `most` characters: what is too long loses its middle, since names tell themselves apart at both ends. */
export function elide(text: string, most: number): string {
  if (text.length <= most) return text
  const head = Math.ceil((most - 1) / 2)
  const tail = Math.floor((most - 1) / 2)
  return `${text.slice(0, head)}…${tail > 0 ? text.slice(-tail) : ''}`
}

/** A text in at most `lines` lines of `room` characters, broken after blanks, commas, dots and underscores; a longer one loses its middle. */
export function wrapText(text: string, room: number, lines: number): string[] {
  const parts = elide(text, room * lines).split(/(?<=[\s,._/])/)
  const found = ['']
  for (const part of parts.flatMap((p) => pieces(p, room))) {
    const longer = `${found.at(-1) ?? ''}${part}`
    if (longer.trim().length <= room) found[found.length - 1] = longer
    else found.push(part)
  }
  const whole = found.map((line) => line.trim()).filter((line) => line !== '')
  return whole.length <= lines
    ? whole
    : [...whole.slice(0, lines - 1), elide(whole.slice(lines - 1).join(' '), room)]
}

const pieces = (word: string, room: number): string[] =>
  word.trim().length <= room
    ? [word]
    : Array.from({ length: Math.ceil(word.length / room) }, (_, i) => word.slice(i * room, (i + 1) * room))
