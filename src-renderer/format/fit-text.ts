/** A text of at most `most` characters: what is too long loses its middle, since names tell themselves apart at both ends. */
export function elide(text: string, most: number): string {
  if (text.length <= most) return text
  const head = Math.ceil((most - 1) / 2)
  const tail = Math.floor((most - 1) / 2)
  return `${text.slice(0, head)}…${tail > 0 ? text.slice(-tail) : ''}`
}

/** A text in at most `lines` lines of `room` characters, broken between the parts of names, a long word with a hyphen; a longer text loses its middle. */
export function wrapText(text: string, room: number, lines: number): string[] {
  for (let most = text.length; most > room; most--) {
    const found = linesOf(elide(text, most), room)
    if (found.length <= lines) return found
  }
  return [elide(text, room)]
}

function linesOf(text: string, room: number): string[] {
  const found = ['']
  for (const part of text.split(/(?<=[\s,._/-])/).flatMap((p) => pieces(p, room))) {
    const longer = `${found.at(-1) ?? ''}${part}`
    if (longer.trim().length <= room) found[found.length - 1] = longer
    else found.push(part)
  }
  return found.map((line) => line.trim()).filter((line) => line !== '')
}

function pieces(word: string, room: number): string[] {
  if (word.trim().length <= room) return [word]
  return [`${word.slice(0, room - 1)}-`, ...pieces(word.slice(room - 1), room)]
}
