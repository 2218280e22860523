import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'

const packageFile = z.object({ name: z.literal('cotrain'), version: z.string() })

let found: { readonly root: string; readonly version: string } | undefined

function locate(): { readonly root: string; readonly version: string } {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const path = join(folder, 'package.json')
    const parsed = existsSync(path) ? packageFile.safeParse(JSON.parse(readFileSync(path, 'utf8'))) : null
    if (parsed?.success === true) return { root: folder, version: parsed.data.version }
    if (folder === dirname(folder)) throw new Error('the package.json of the app is not above its code')
  }
}

/** Folder of the app: the checkout, or the packed archive. */
export const appRoot = (): string => (found ??= locate()).root

export const appVersion = (): string => (found ??= locate()).version

/** Whether this code runs from its TypeScript sources. */
export const runsFromSource = (): boolean => import.meta.filename.endsWith('.ts')
