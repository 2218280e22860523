import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { basename, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { appVersion } from '../../../../../src-main/host/app-root.ts'
import { addonName } from '../../../../../src-main/io/native/setup/own-addon.ts'
import { encodeNpy } from '../../../../../src-main/io/formats/numpy/npy-write.ts'
import { engineFolder, readNativeInfo } from '../../../../../src-main/io/native/library/native-info.ts'
import { provisionNative } from '../../../../../src-main/io/native/setup/provision.ts'
import { digestOfSources } from '../../../../../src-main/io/native/proof/cases-digest.ts'
import { makeDebian } from '../../../../../scripts/package/debian.ts'
import { packApp, refuseOthers } from '../../../../../scripts/package/pack-app.ts'
import type { Bind, Ended } from '../../../../support/bare-root.ts'
import { ended, startInBareRoot, whyNoBareRoot } from '../../../../support/bare-root.ts'
import { nativeAvailable } from '../../../../support/backend.ts'
import { megabytes, neededPackages, packagesIn } from '../../../../support/packed-packages.ts'
import { standInElectron } from '../../../../support/stand-in-electron.ts'
import { writeTree } from '../../../../support/sample-images.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const root = join(import.meta.dirname, '../../../../..')
const require = createRequire(join(root, 'package.json'))
const builder = createRequire(realpathSync(require.resolve('electron-builder/package.json')))
const config = (): Record<string, unknown> =>
  parse(readFileSync(join(root, 'electron-builder.yml'), 'utf8')) as Record<string, unknown>

/** Digits for seconds of training, with a checkpoint after every epoch. */
const DIGITS = `name: digits
dataset:
  fn: img_loader
  config:
    { dataset_cls: MNIST, input_size: 32, train_subset: 0.01, valid_subset: 0.02, test_subset: 0.01, constants: ic,
      apply_augmentation: false, add_corrupted_test: false, add_out_domain_test: false, add_fly_corrupted_test: {},
      validation_gauss: [] }
model:
  fn: mtl_builder
  config:
    { vgg_type: vgg11_bn, pretrained: false, width: 0.125, input_size: 32, num_classes: 10, classification: true,
      classification_readout_type: dense, readout_hidden: 0, v1_model_layer: -1 }
trainer: { fn: cotrainer, config: { loss_functions: { img_classification: CrossEntropyLoss }, to_monitor: [img_classification], max_iter: 10, patience: 10, add_final_train_eval: false } }
`

async function until<T>(look: () => T | undefined | false | null): Promise<T> {
  for (let tries = 0; tries < 3000; tries++) {
    const found = look()
    if (found) return found
    await wait(20)
  }
  throw new Error(`nothing came of ${String(look)}`)
}

/** Its first numbers are there. */
const isTraining = (run: string): boolean => {
  const events = join(run, 'events.jsonl')
  return existsSync(events) && readFileSync(events, 'utf8').includes('"metrics"')
}

/** The process that works on a run: the processes of a bare root are those of this machine. */
const workerOf = (id: string): number | undefined =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        return command.includes('worker.js') && command.includes(id.slice(0, 10))
      } catch {
        return false // it has ended meanwhile
      }
    })

describe('packing', () => {
  it('is refused for another system or processor than this one', () => {
    const others =
      { linux: '--win', win32: '--mac', darwin: '--linux' }[process.platform as string] ?? '--mac'
    expect(() => refuseOthers([others])).toThrow(/are made on/)
    expect(() => refuseOthers([process.arch === 'x64' ? '--arm64' : '--x64'])).toThrow(/are made on/)
    expect(() => refuseOthers(['--dir', `--${process.arch}`])).not.toThrow()
  })
})

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

describe.runIf(process.platform === 'linux' && (await nativeAvailable()))('the packed app', () => {
  const folder = temporaryFolder()
  const resources = join(folder, 'release', 'linux-unpacked', 'resources')
  const run = (file: string, args: readonly string[], env: Record<string, string> = {}) =>
    spawnSync(file, args, { cwd: root, encoding: 'utf8', env: { ...process.env, ...env } })

  beforeAll(async () => {
    const hasRenderer = existsSync(join(root, 'out/renderer/index.html'))
    run(process.execPath, ['scripts/build.mjs', '--if-stale', ...(hasRenderer ? ['--main'] : [])])
    const { version } = require('electron/package.json') as { version: string }
    const dist = standInElectron(join(folder, 'electron'), version)
    await packApp({
      node: process.execPath,
      builderArguments: [...['--linux', 'dir', `-c.electronDist=${dist}`, `-c.electronVersion=${version}`]],
      output: join(folder, 'release'),
    })
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
      // For `cotrain serve`.
      'out/renderer/index.html',
      'out/main/corruption-worker.js',
      'out/main/try-engine-child.js',
      `out/native/${addonName()}`,
      'out/data/mnist/train-images-idx3-ubyte.gz',
      'node_modules/@tensorflow/tfjs-node-gpu',
      'node_modules/h5wasm',
      'node_modules/@tensorflow/tfjs-backend-wasm',
    ])
      expect(existsSync(join(unpacked, file)), file).toBe(true)
    expect(files).toContain('/LICENSE')
    expect(files).toContain('/NOTICE.md')
    expect(existsSync(join(resources, 'node', 'node'))).toBe(true)
  })

  it('comes with its licences, its materials, what is new, and checksums', () => {
    expect(readFileSync(join(resources, 'licences.txt'), 'utf8')).toContain('h5wasm')
    const release = readdirSync(join(folder, 'release'))
    expect(release).toEqual(
      expect.arrayContaining(['RELEASE-NOTES.md', 'SHA256SUMS', expect.stringMatching(/\.cdx\.json$/)]),
    )
  })

  it('holds of its packages those alone that Node loads, and less than 300 MB with its Node', () => {
    const unpacked = join(resources, 'app.asar.unpacked')
    const packages = packagesIn(join(unpacked, 'node_modules'))
    const { loaded, all } = neededPackages(join(unpacked, 'out', 'main'))
    expect(loaded.size).toBeGreaterThan(8)
    expect([...loaded].filter((name) => !packages.includes(name))).toEqual([])
    expect(packages.filter((name) => !all.has(name))).toEqual([])
    expect(megabytes(resources)).toBeLessThan(300)
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
    // The command as it is on a PATH: a link to the script of the app.
    const command = join(folder, 'cotrain')
    symlinkSync(join(resources, 'cotrain'), command)
    const doctor = run(command, ['doctor', '--json'], env)
    expect((JSON.parse(doctor.stdout) as { backend: { name: string } }).backend.name).toBe('wasm')
  })

  it('names no address for newer ones unless it was packed with one', () => {
    expect(existsSync(join(resources, 'app-update.yml'))).toBe(false)
  })

  const why = whyNoBareRoot()
  if (why !== null) console.log(`skips the packed app in a bare root: ${why}`)
  describe.skipIf(why !== null)(
    'installed from its Debian package in a bare root: no Node, Python, compiler or network, its folder read-only',
    () => {
      const place = join(folder, 'bare')
      const system = join(folder, 'system')
      const deb = join(folder, 'cotrain.deb')
      const dpkg = (args: readonly string[]) =>
        run('unshare', ['--user', '--map-root-user', 'dpkg', `--root=${system}`, ...args])
      const homeFolder = join(folder, 'bare-home')
      /** The library of this machine, as if it had been unpacked there; what was proved of it on this processor holds there too. */
      const own = engineFolder()
      const cotrain = (args: readonly string[]): Promise<Ended> => {
        const program = '/opt/CoTrain/resources/node/node'
        const cli = '/opt/CoTrain/resources/app.asar.unpacked/out/main/cli.js'
        return ended(
          startInBareRoot(place, binds, { COTRAIN_HOME: '/home/cotrain' }, [program, cli, ...args]),
        )
      }
      let binds: readonly Bind[] = []

      beforeAll(async () => {
        makeDebian({
          ...{ unpacked: join(resources, '..'), icons: join(root, 'out/icons'), root, target: deb },
          ...{ version: '1.2.3', arch: process.arch, compression: ['-Zgzip', '-z1'] },
        })
        writeTree(system, {
          'var/lib/dpkg/status': '',
          'var/lib/dpkg/updates/.keep': '',
          'var/lib/dpkg/info/.keep': '',
        })
        const installed = dpkg(['--force-depends', '--force-not-root', '--install', deb])
        if (installed.status !== 0) throw new Error(installed.stderr)
        const { libDir } = await provisionNative()
        mkdirSync(join(homeFolder, 'cotrain', 'engine'), { recursive: true })
        cpSync(join(own, 'proofs'), join(homeFolder, 'cotrain', 'engine', 'proofs'), { recursive: true })
        binds = [
          { from: join(system, 'opt', 'CoTrain'), to: '/opt/CoTrain', readOnly: true },
          { from: join(system, 'usr'), to: '/usr', readOnly: true },
          // For the script of the command.
          ...['sh', 'readlink', 'dirname'].map((name) => ({ from: `/bin/${name}`, to: `/bin/${name}` })),
          { from: homeFolder, to: '/home' },
          { from: libDir, to: `/home/cotrain/engine/${basename(libDir)}`, readOnly: true },
        ]
        writeFileSync(join(homeFolder, 'digits.yaml'), DIGITS)
      })

      it('is a package that Debian knows: who it is, what it needs, where its parts lie', () => {
        const field = (name: string): string => run('dpkg-deb', ['--field', deb, name]).stdout.trim()
        expect([field('Package'), field('Version'), field('Section')]).toEqual([
          'cotrain',
          '1.2.3',
          'science',
        ])
        expect(field('Depends')).toContain('libgtk-3-0 | libgtk-3-0t64')
        expect(Number(field('Installed-Size'))).toBeGreaterThan(50_000)
        const listed = run('dpkg-deb', ['--contents', deb]).stdout.split('\n')
        const lineOf = (path: string): string => listed.find((line) => line.includes(` .${path}`)) ?? ''
        expect(lineOf('/opt/CoTrain/chrome-sandbox')).toMatch(/^-rwsr-xr-x root\/root/)
        expect(lineOf('/usr/bin/cotrain')).toContain('-> /opt/CoTrain/resources/cotrain')
        expect(lineOf('/opt/CoTrain/resources/cotrain')).toMatch(/^-rwxr-xr-x/)
        expect(lineOf('/usr/share/icons/hicolor/256x256/apps/cotrain.png')).not.toBe('')
        expect(readFileSync(join(system, 'usr/share/mime/packages/cotrain.xml'), 'utf8')).toContain(
          '*.cotrain.yaml',
        )
        const entry = readFileSync(join(system, 'usr/share/applications/cotrain.desktop'), 'utf8')
        expect(entry).toMatch(/^Exec=\/opt\/CoTrain\/cotrain %U$/m)
        expect(entry).toContain('x-scheme-handler/cotrain')
      })

      it('answers to its command', async () => {
        const line = 'PATH=/bin; exec /usr/bin/cotrain --version'
        const { code, out } = await ended(
          startInBareRoot(place, binds, { COTRAIN_HOME: '/home/cotrain' }, ['/bin/sh', '-c', line]),
        )
        expect([code, out.trim()]).toEqual([0, appVersion()])
      })

      it('sets up the native engine with the addon that was shipped', async () => {
        const { code, out } = await cotrain(['setup'])
        expect([code, out]).toEqual([0, expect.stringContaining('Backend: native (TensorFlow')])
        const info = await readNativeInfo(join(homeFolder, 'cotrain', 'engine'))
        expect(info?.addon).toBe(`/opt/CoTrain/resources/app.asar.unpacked/out/native/${addonName()}`)
      })

      it('reads a recording in its sandbox', async () => {
        writeTree(join(homeFolder, 'pair'), {
          'images.npy': encodeNpy(
            Uint8Array.from({ length: 4 * 8 * 8 }, (_, i) => i % 251),
            [4, 8, 8],
          ),
          'responses.npy': encodeNpy(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), [2, 4]),
        })
        const { code, out, err } = await cotrain(['data', 'add', '/home/pair', '--area', 'v1'])
        expect([code, err]).toEqual([0, ''])
        expect(out).toMatch(/1 session, 2 units, 4 trials/)
      })

      it('trains on the digits that were shipped, and goes on after its worker was killed', async () => {
        const training = cotrain(['run', '/home/digits.yaml'])
        const runs = join(homeFolder, 'cotrain', 'runs')
        const id = await until(
          () => existsSync(runs) && readdirSync(runs).find((name) => /^[0-9a-f]{64}$/.test(name)),
        )
        const worker = await until(() => isTraining(join(runs, id)) && workerOf(id))
        process.kill(worker, 'SIGKILL')
        expect((await training).code).not.toBe(0)
        expect((await cotrain(['resume', id])).code).toBe(0)
        const shown = await cotrain(['show', id, '--json'])
        expect(JSON.parse(shown.out)).toMatchObject({ summary: { status: 'finished' } })
      })

      it('leaves nothing but the runs when it is removed', () => {
        expect(dpkg(['--force-not-root', '--remove', 'cotrain']).status).toBe(0)
        const left = readdirSync(system, { recursive: true, withFileTypes: true })
          .filter((found) => !found.isDirectory() && !found.parentPath.includes('/var/'))
          .map(({ name }) => name)
        expect(left).toEqual([])
        expect(existsSync(join(homeFolder, 'cotrain', 'runs'))).toBe(true)
      })
    },
  )
})
