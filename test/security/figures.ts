/** One line of what was tried and refused, for whoever reads the log of the suite. */
export const tell = (what: string, refused: number, total: number): void =>
  console.log(`security: ${what}: ${refused} of ${total} refused`)
