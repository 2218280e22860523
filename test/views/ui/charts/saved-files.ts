import { vi } from 'vitest'

interface SavedFile {
  readonly name: string
  readonly type: string
  readonly content: Blob
}

/** Keeps what pages hand to the download of the browser. */
export function catchFiles() {
  const files: SavedFile[] = []
  let last: Blob | null = null
  const spies = [
    vi.spyOn(URL, 'createObjectURL').mockImplementation((content) => {
      if (content instanceof Blob) last = content
      return 'blob:saved'
    }),
    vi.spyOn(URL, 'revokeObjectURL').mockImplementation(() => undefined),
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      if (last !== null) files.push({ name: this.download, type: last.type, content: last })
    }),
  ]
  return {
    files,
    /** Name and text of the only file. */
    async only(): Promise<{ readonly name: string; readonly type: string; readonly text: string }> {
      const [file] = await vi.waitUntil(() => (files.length > 0 ? files : null), 10_000)
      if (file === undefined || files.length > 1) throw new Error(`${files.length} files were saved`)
      return { name: file.name, type: file.type, text: await file.content.text() }
    },
    restore: () => spies.forEach((spy) => spy.mockRestore()),
  }
}
