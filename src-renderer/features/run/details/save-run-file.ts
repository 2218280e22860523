import { call } from '../../../api/client.ts'
import { bytesOf, saveFile } from '../../../ui/use/save-file.ts'

/** Fetches a stored file of a run in parts and hands it to the browser; `onPart` hears the done share. */
export async function saveRunFile(id: string, name: string, onPart: (share: number) => void): Promise<void> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  for (let offset = 0; ;) {
    const { bytes, base64 } = await call('runs.readFile', { id, name, offset })
    const part = bytesOf(base64)
    parts.push(part)
    offset += part.length
    onPart(bytes === 0 ? 1 : offset / bytes)
    if (offset >= bytes || part.length === 0) break
  }
  saveFile(`${id.slice(0, 10)}-${name.replaceAll('/', '-')}`, new Blob(parts))
}
