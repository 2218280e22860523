import type { TestPictures } from './test-pictures.ts'

/** Cells of a confusion are looked at one after the other: the pictures of the last run stay at hand so long. */
const KEPT_MS = 60_000

/** Opens test pictures by run id; the set of the last run is not looked through again for a minute. */
export function keptTestPictures(open: (id: string) => Promise<TestPictures>) {
  let kept: { id: string; pictures: TestPictures } | null = null
  let timer: NodeJS.Timeout | undefined
  return async (id: string): Promise<TestPictures> => {
    if (kept?.id === id) return kept.pictures
    const pictures = await open(id)
    if (!pictures.holdsFile) {
      kept = { id, pictures }
      clearTimeout(timer)
      timer = setTimeout(() => (kept = null), KEPT_MS).unref()
    }
    return pictures
  }
}
