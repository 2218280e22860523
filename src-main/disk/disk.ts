/** Writing as the store needs it; passed in, so that a full or failing disk can be put in its place. */
export interface Disk {
  /** Puts `data` at `path` in one step: a reader sees the old file or the new one, also after a crash. */
  writeFile(path: string, data: string | Uint8Array | readonly Uint8Array[]): Promise<void>
}
