/** How even the classes are, in words. */
export function balanceText(classes: readonly { readonly name: string; readonly count: number }[]): string {
  if (classes.length === 0) return ''
  const counts = classes.map((c) => c.count)
  const least = Math.min(...counts)
  const most = Math.max(...counts)
  const total = counts.reduce((a, b) => a + b, 0)
  if (least === most) return `${total.toLocaleString('en')} images, all classes equal`
  const ratio =
    least === 0
      ? 'some classes are empty'
      : `the largest class has ${(most / least).toFixed(1)} times the smallest`
  return `${total.toLocaleString('en')} images in ${classes.length} classes; ${ratio}`
}
