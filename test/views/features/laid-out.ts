import { afterEach, beforeEach, vi } from 'vitest'

/** happy-dom lays nothing out; lists that draw only what is in sight need an extent in which something is. */
export function laidOut(height = 600): void {
  beforeEach(() => {
    vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(height)
    vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(800)
  })
  afterEach(() => {
    vi.restoreAllMocks()
  })
}
