import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { digestOfSources } from '../../../../../src-main/io/native/proof/cases-digest.ts'
import { standInElectron } from '../../../../support/stand-in-electron.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const root = join(import.meta.dirname, '../../../../..')
const require = createRequire(join(root, 'package.json'))
const builder = createRequire(realpathSync(require.resolve('electron-builder/package.json')))
const config = (): Record<string, unknown> =>
  parse(readFileSync(join(root, 'electron-builder.yml'), 'utf8')) as Record<string, unknown>

describe('electron-builder.yml', () => {
  const validate = async (given: Record<string, unknown>): Promise<void> => {
    const path = 'app-builder-lib/out/util/config/config.js'
    const { validateConfiguration } = builder(path) as {
      validateConfiguration: (c: unknown, log: unknown) => Promise<void>
    }
    const { DebugLogger } = builder('builder-util') as { DebugLogger: new (on: boolean) => unknown }
    await validateConfiguration(given, new DebugLogger(false))
  }

  it('is what the packager accepts', async () => {
    await validate(config())
    await expect(validate({ ...config(), asarUnpacked: [] })).rejects.toThrow(/asarUnpacked/)
  })

  it('switches off what would let the app run as something else', () => {
    expect(config()['electronFuses']).toEqual({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      grantFileProtocolExtraPrivileges: false,
      enableCookieEncryption: true,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
    })
  })
})

describe.runIf(process.platform === 'linux')('the packed app', () => {
  const folder = temporaryFolder()
  const resources = join(folder, 'release', 'linux-unpacked', 'resources')
  const run = (file: string, args: readonly string[], env: Record<string, string> = {}) =>
    spawnSync(file, args, { cwd: root, encoding: 'utf8', env: { ...process.env, ...env } })

  beforeAll(() => {
    if (!existsSync(join(root, 'out/renderer/index.html'))) run(process.execPath, ['scripts/build.mjs'])
    else run(process.execPath, ['scripts/build.mjs', '--main'])
    const { version } = require('electron/package.json') as { version: string }
    const dist = standInElectron(join(folder, 'electron'), version)
    const cli = realpathSync(require.resolve('electron-builder/cli.js'))
    const packed = run(process.execPath, [
      cli,
      '--linux',
      'dir',
      '--config',
      'electron-builder.yml',
      `-c.electronDist=${dist}`,
      `-c.electronVersion=${version}`,
      `-c.directories.output=${join(folder, 'release')}`,
    ])
    if (packed.status !== 0) throw new Error(packed.stdout + packed.stderr)
  })

  it('holds the app in one archive and everything a worker needs beside it', () => {
    const { listPackage } = createRequire(builder.resolve('app-builder-lib'))('@electron/asar') as {
      listPackage: (path: string, options: object) => string[]
    }
    const files = listPackage(join(resources, 'app.asar'), {})
    for (const file of [
      '/package.json',
      '/out/main/electron.js',
      '/out/main/preload.cjs',
      '/out/renderer/index.html',
      '/configs/demo-baseline.yaml',
    ])
      expect(files).toContain(file)
    expect(files.filter((file) => file.startsWith('/node_modules/vue/'))).toEqual([])
    expect(files.filter((file) => /^\/(src-main|test|docs)\//.test(file))).toEqual([])
    const unpacked = join(resources, 'app.asar.unpacked')
    for (const file of [
      'out/main/worker.js',
      'out/main/corruption-worker.js',
      'node_modules/@tensorflow/tfjs-node-gpu',
      'node_modules/h5wasm',
      'node_modules/@tensorflow/tfjs-backend-wasm',
    ])
      expect(existsSync(join(unpacked, file)), file).toBe(true)
  })

  it('has its fuses set', () => {
    const fuses = realpathSync(createRequire(builder.resolve('app-builder-lib')).resolve('@electron/fuses'))
    const script = `import(${JSON.stringify(fuses)}).then(async (f) => console.log(JSON.stringify(await f.getCurrentFuseWire(process.argv[1]))))`
    const { stdout } = run(process.execPath, ['-e', script, join(folder, 'release/linux-unpacked/cotrain')])
    const wire = JSON.parse(stdout) as Record<string, unknown>
    // 48 is "0" (off) and 49 is "1" (on), in the order of FuseV1Options.
    expect([0, 1, 2, 3, 4, 5, 7].map((i) => wire[i])).toEqual([48, 49, 48, 48, 49, 49, 48])
  })

  it('takes a proof of the engine that was made from the same sources', async () => {
    const main = join(resources, 'app.asar.unpacked', 'out', 'main')
    const digest = await digestOfSources(join(root, 'src-main', 'engine'))
    const code = readdirSync(main).filter((name) => name.endsWith('.js'))
    expect(code.some((name) => readFileSync(join(main, name), 'utf8').includes(`"${digest}"`))).toBe(true)
  })

  it('starts its worker and its command line under a plain Node', () => {
    const main = join(resources, 'app.asar.unpacked', 'out', 'main')
    const env = { COTRAIN_HOME: join(folder, 'home'), COTRAIN_ENGINE: 'wasm' }
    const worker = run(process.execPath, [join(main, 'worker.js'), 'run', 'ffffffffff'], env)
    expect([worker.status, worker.stderr.trim()]).toEqual([2, 'no run has this id.'])
    const doctor = run(process.execPath, [join(main, 'cli.js'), 'doctor', '--json'], env)
    expect((JSON.parse(doctor.stdout) as { backend: { name: string } }).backend.name).toBe('wasm')
  })
})
