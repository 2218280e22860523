/** Nearest whole number, halves to the even one, as Python's round; sizes of images are rounded this way upstream. */
export function roundHalfEven(value: number): number {
  const down = Math.floor(value)
  if (value - down !== 0.5) return Math.round(value)
  return down % 2 === 0 ? down : down + 1
}
