import { vi } from 'vitest'

/** How large a chart is on the page that these tests stand for. */
export const WIDTH = 600
export const HEIGHT = 300

type Tell = (entries: { isIntersecting: boolean; time: number }[]) => void

/** A context that takes every command of drawing and knows how wide words are. */
function contextOf(canvas: HTMLCanvasElement): unknown {
  const known: Record<string, unknown> = {
    canvas,
    measureText: (text: string) => ({ width: 6 * text.length }),
    createLinearGradient: () => ({ addColorStop: () => undefined }),
    createImageData: (width: number, height: number) => ({ data: new Uint8ClampedArray(4 * width * height) }),
  }
  return new Proxy(known, {
    get: (target, name) => (typeof name === 'string' && name in target ? target[name] : () => undefined),
    set: (target, name, value) => Reflect.set(target, name, value),
  })
}

/**
 * happy-dom has no canvas, no layout and reports nothing as visible: with these in their place charts are
 * drawn, so that what is read from them by pointer and keyboard can be tested. Call the answer when done.
 */
export function drawCharts(): () => void {
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      private isOn = true
      private readonly tell: Tell
      constructor(tell: Tell) {
        this.tell = tell
      }
      observe(): void {
        this.isOn = true
        queueMicrotask(() => {
          if (this.isOn) this.tell([{ isIntersecting: true, time: 0 }])
        })
      }
      disconnect(): void {
        this.isOn = false
      }
    },
  )
  const contexts = new WeakMap<HTMLCanvasElement, unknown>()
  const spies = [
    vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockImplementation(function (
      this: HTMLCanvasElement,
    ) {
      const context = contexts.get(this) ?? contextOf(this)
      contexts.set(this, context)
      return context as null
    }),
    vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(WIDTH),
    vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(HEIGHT),
    vi
      .spyOn(HTMLElement.prototype, 'getBoundingClientRect')
      .mockImplementation(() => new DOMRect(0, 0, WIDTH, HEIGHT)),
  ]
  return () => {
    vi.unstubAllGlobals()
    spies.forEach((spy) => spy.mockRestore())
  }
}

/** Lets charts be drawn, which happens a few times a second. */
export const drawn = (): Promise<void> =>
  vi.waitFor(() => {
    const canvases = [...document.querySelectorAll('canvas')]
    if (canvases.length === 0 || canvases.some((c) => c.dataset['drawn'] === undefined))
      throw new Error('a chart has not been drawn')
  }, 10_000)
