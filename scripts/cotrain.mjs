#!/usr/bin/env node
// The command line: the built one when it is up to date, the sources through tsx otherwise.
import { spawnSync } from 'node:child_process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { join } from 'node:path'
import { mainIsFresh } from './freshness.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
if (mainIsFresh(root)) {
  process.setSourceMapsEnabled(true)
  await import(pathToFileURL(join(root, 'out/main/cli.js')).href)
} else {
  const { register } = await import('tsx/esm/api').catch(() => ({ register: null }))
  if (register === null) {
    const built = spawnSync(process.execPath, [join(root, 'scripts/build.mjs'), '--main'], {
      stdio: 'inherit',
    })
    if (built.status !== 0) process.exit(1)
    await import(pathToFileURL(join(root, 'out/main/cli.js')).href)
  } else {
    register()
    await import(pathToFileURL(join(root, 'src-main/host/cli/cli.ts')).href)
  }
}
