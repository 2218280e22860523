import type { TestImages } from './test-images.ts'

/** Cells of a confusion are looked at one after the other: the images of the last run stay at hand so long. */
const KEPT_MS = 60_000

/** Opens test images by run id; the set of the last run is not looked through again for a minute. */
export function keptTestImages(open: (id: string) => Promise<TestImages>) {
  let kept: { id: string; images: TestImages } | null = null
  let timer: NodeJS.Timeout | undefined
  return async (id: string): Promise<TestImages> => {
    if (kept?.id === id) return kept.images
    const images = await open(id)
    if (!images.holdsFile) {
      kept = { id, images }
      clearTimeout(timer)
      timer = setTimeout(() => (kept = null), KEPT_MS).unref()
    }
    return images
  }
}
