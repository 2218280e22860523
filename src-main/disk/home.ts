import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import envPaths from 'env-paths'
import { z } from 'zod'
import { writeFileAtomic } from './atomic-write.ts'

const places = envPaths('cotrain', { suffix: '' })
const chosenHome = z.object({ home: z.string().min(1) })
/** Says where the home is when a person has chosen another folder than the usual one. */
const chosenFile = (): string => join(places.config, 'home.json')

/** Folder of everything the app keeps: runs, data sets, caches, the engine. COTRAIN_HOME decides, then what was chosen in the settings. */
export function cotrainHome(): string {
  const configured = process.env['COTRAIN_HOME']
  if (configured) return resolve(configured)
  return readChosen() ?? places.data
}

/** Takes effect at the next start. */
export const chooseHome = (home: string): Promise<void> =>
  writeFileAtomic(chosenFile(), `${JSON.stringify({ home: resolve(home) }, null, 1)}\n`)

function readChosen(): string | null {
  try {
    return chosenHome.parse(JSON.parse(readFileSync(chosenFile(), 'utf8'))).home
  } catch {
    return null // nothing was chosen
  }
}
