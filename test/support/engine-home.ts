import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { platformName, tfjsVersion } from '../../src-main/io/native/library/native-info.ts'
import { bindingDigest } from '../../src-main/io/native/library/hold-signals.ts'
import { temporaryFolder } from './temp-folder.ts'

/** What a record of set-up must say so that its library is taken to be as it was. */
export const intactRecord = () => ({
  tfjsVersion: tfjsVersion(),
  binding: bindingDigest(),
  platform: platformName(),
  ...{ routes: [], files: [] },
})

/** A home in which set-up has recorded a library: one for the processor, or one that computes on a card. It cannot be loaded. */
export function engineHome(gpu: boolean): string {
  const home = temporaryFolder()
  mkdirSync(join(home, 'engine'))
  const found = { kind: gpu ? 'cuda' : 'wheel', version: '2.21.0', libDir: '/nowhere', libraryPath: [], gpu }
  const rest = { addon: '/nowhere/addon', libraries: [] }
  writeFileSync(join(home, 'engine', 'native.json'), JSON.stringify({ ...intactRecord(), ...found, ...rest }))
  return home
}
