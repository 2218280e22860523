/** Splits a stream of text into lines; what follows the last line end is kept for the next piece. */
export function lineReader(use: (line: string) => void): (piece: string) => void {
  let rest = ''
  return (piece) => {
    const lines = (rest + piece).split(/\r?\n/)
    rest = lines.pop() ?? ''
    for (const line of lines) use(line)
  }
}
