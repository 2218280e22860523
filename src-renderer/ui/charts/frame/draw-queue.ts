/** Work per frame; a chart of fifty lines alone takes about as long. */
const BUDGET_MS = 10

let waiting = new Set<() => void>()
let isAsked = false

/** Draws in one of the next frames, few charts in each: many charts at once must not hold up typing. Asked twice, it draws once. */
export function drawInTurn(draw: () => void): void {
  waiting.add(draw)
  ask()
}

/** As {@link drawInTurn}, before all others: what was worked out is painted before the next chart is. */
export function drawNext(draw: () => void): void {
  waiting = new Set([draw, ...waiting])
  ask()
}

export const drawNoMore = (draw: () => void): void => void waiting.delete(draw)

function ask(): void {
  if (isAsked || waiting.size === 0) return
  isAsked = true
  requestAnimationFrame(() => {
    isAsked = false
    const begun = performance.now()
    for (const draw of [...waiting]) {
      waiting.delete(draw)
      draw()
      if (performance.now() - begun > BUDGET_MS) break
    }
    ask()
  })
}
