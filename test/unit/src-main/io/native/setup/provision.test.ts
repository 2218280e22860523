import { appendFile, copyFile, mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { loadBackend } from '../../../../../../src-main/io/native/load-backend.ts'
import type { NativeInfo } from '../../../../../../src-main/io/native/library/native-info.ts'
import {
  damagedFiles,
  engineFolder,
  platformName,
  staleReason,
} from '../../../../../../src-main/io/native/library/native-info.ts'
import { ownAddon } from '../../../../../../src-main/io/native/setup/own-addon.ts'
import { provisionNative } from '../../../../../../src-main/io/native/setup/provision.ts'
import { CotrainError } from '../../../../../../src-shared/contract/errors.ts'
import { nativeAvailable } from '../../../../../support/backend.ts'
import { A100, fakeSmi } from '../../../../../support/fake-smi.ts'
import { temporaryFolder } from '../../../../../support/temp-folder.ts'

const scratch = temporaryFolder()
const tempFolder = (): Promise<string> => mkdtemp(join(scratch, 'case-'))

const missing = { routes: ['configured'], configured: '/no/such/tensorflow' } as const
const engine = process.env['COTRAIN_ENGINE']
afterAll(() => {
  if (engine !== undefined) process.env['COTRAIN_ENGINE'] = engine
})

describe('setting up the native engine', () => {
  it('keeps the reason of a failed route and does not try again at once', async () => {
    const home = await tempFolder()
    const first = await provisionNative({ home, ...missing })
    expect(first.kind).toBe('none')
    expect(first.routes).toMatchObject([
      { route: 'configured', outcome: 'failed', reason: '/no/such/tensorflow does not exist' },
    ])
    const stored = JSON.parse(await readFile(join(home, 'engine/native.json'), 'utf8')) as NativeInfo
    expect(stored).toEqual(first)
    expect(await provisionNative({ home, ...missing })).toEqual(first)
    const again = await provisionNative({ home, ...missing, retry: true })
    expect(again.checkedAt).toBeGreaterThan(first.checkedAt)
  })

  it('says why a file that is no addon was refused', async () => {
    const home = await tempFolder()
    const configured = join(home, 'broken.node')
    await writeFile(configured, 'not a library')
    const info = await provisionNative({ home, routes: ['configured'], configured })
    expect(info.kind).toBe('none')
    expect(info.routes[0]?.reason).toContain('the library does not run')
  })

  it('refuses an explicit native engine that is not there, with the reason, and never replaces it', async () => {
    const home = await tempFolder()
    await provisionNative({ home, ...missing })
    const error = await loadBackend({ home, engine: 'native' }).catch((e: unknown) => e)
    expect(error).toBeInstanceOf(CotrainError)
    expect(error).toMatchObject({ code: 'engine-unavailable' })
    expect(String(error)).toContain('/no/such/tensorflow does not exist')
  })

  it('computes on wasm where nothing was asked for and nothing found, and says why', async () => {
    const home = await tempFolder()
    await provisionNative({ home, ...missing })
    delete process.env['COTRAIN_ENGINE']
    const backend = await loadBackend({ home })
    expect(backend.name).toBe('wasm')
    expect(backend.reason).toContain('configured: /no/such/tensorflow does not exist')
  })

  it.runIf(platformName() === 'linux-x64')(
    'refuses a given wheel that is damaged, and tries no other way',
    async () => {
      const from = await tempFolder()
      const wheel = join(from, 'tensorflow_cpu-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl')
      await writeFile(wheel, 'cut off')
      const said: string[] = []
      const asked = provisionNative({
        ...{
          home: await tempFolder(),
          from,
          routes: ['wheel', 'configured'],
          configured: '/no/such/tensorflow',
        },
        onProgress: ({ route }) => said.push(route),
      })
      await expect(asked).rejects.toMatchObject({ problems: [{ code: 'file-invalid', path: wheel }] })
      expect(said).not.toContain('configured')
    },
  )

  it('refuses an unknown name in COTRAIN_ENGINE', async () => {
    process.env['COTRAIN_ENGINE'] = 'fast'
    const error = await loadBackend().catch((e: unknown) => e)
    delete process.env['COTRAIN_ENGINE']
    expect(String(error)).toContain(
      'COTRAIN_ENGINE: expected native, gpu, webgpu, wasm, cpu or auto, got "fast".',
    )
  })
})

describe.runIf(platformName() === 'linux-x64')('on a machine with a card (needs Linux on x64)', () => {
  const machineWith = (...cards: string[]): void => {
    // No Python, whose pip may know an index of its own.
    vi.stubEnv('PATH', dirname(fakeSmi(cards)))
    vi.stubEnv('COTRAIN_PACKAGE_INDEX', 'http://127.0.0.1:9/simple')
    vi.stubEnv('VIRTUAL_ENV', undefined)
    vi.stubEnv('CONDA_PREFIX', undefined)
  }
  const attemptsOf = ({ routes }: NativeInfo) => routes.map(({ route, outcome }) => `${route} ${outcome}`)
  afterEach(() => vi.unstubAllEnvs())

  it('tries the ways to it before the processor, and keeps why', async () => {
    machineWith(A100)
    const info = await provisionNative({ home: await tempFolder(), python: '/no/python' })
    expect(attemptsOf(info)).toEqual(['configured skipped', 'python failed', 'cuda failed', 'wheel failed'])
    expect(info.wish).toBe('auto')
    expect(info.why).toMatch(/^The NVIDIA A100-SXM4-80GB computes: TensorFlow 2\.21\.0 with/)
  })

  it('takes no library for the processor where a card was asked for, and says why', async ({ skip }) => {
    if (!(await nativeAvailable())) return skip('no native engine here')
    const { libraries, addon, gpu } = await provisionNative()
    if (gpu) return skip('the library of this machine opens a card')
    machineWith(A100)
    const home = await tempFolder()
    const configured = join(home, 'elsewhere')
    await mkdir(configured)
    for (const library of libraries) await symlink(library, join(configured, basename(library)))
    const ready = join(engineFolder(home), 'addon', basename(addon))
    await mkdir(dirname(ready), { recursive: true })
    await copyFile(addon, ready)
    const asked = { home, configured, python: '/no/python' }
    const card = await provisionNative({ ...asked, wish: 'gpu' })
    expect(card.kind).toBe('none')
    expect(card.routes[0]?.reason).toMatch(/^it runs, but opens no card/)
    // Named by a person it is taken where nothing was asked; another wish is tried at once.
    const any = await provisionNative({ ...asked, wish: 'auto' })
    expect(any).toMatchObject({ kind: 'configured', gpu: false, wish: 'auto' })
    expect(await provisionNative(asked)).toEqual(any)
    // A card that is asked for in vain costs nobody the engine that works.
    expect((await provisionNative({ ...asked, wish: 'gpu' })).kind).toBe('none')
    expect(await provisionNative(asked)).toEqual(any)
  })

  it('keeps the wish for the processor when the library must be found anew', async () => {
    machineWith(A100)
    const asked = { home: await tempFolder(), python: '/no/python', retry: true }
    expect((await provisionNative({ ...asked, wish: 'cpu' })).wish).toBe('cpu')
    const again = await provisionNative(asked)
    expect(again.wish).toBe('cpu')
    expect(attemptsOf(again)).not.toContain('cuda failed')
  })

  it('names what would serve a card that is too old, and fetches nothing for it', async () => {
    machineWith('GPU-2, Quadro M4000, 8192, 8000, 550.54.15, 5.2, [N/A]')
    const info = await provisionNative({ home: await tempFolder(), python: '/no/python' })
    expect(attemptsOf(info)).not.toContain('cuda failed')
    expect(info.why).toMatch(/^The Quadro M4000 \(compute capability 5\.2\) is older than .*TensorFlow 2\.17/)
  })
})

describe('an engine that was found', () => {
  it('is accepted after its test, set up once by two at a time, and noticed when it changes', async ({
    skip,
  }) => {
    if (!(await nativeAvailable())) return skip('no native engine here')
    const home = await tempFolder()
    const configured = join(home, 'elsewhere')
    await mkdir(configured)
    const here = await provisionNative()
    for (const library of here.libraries) await symlink(library, join(configured, basename(library)))
    const addon = join(engineFolder(home), 'addon', basename(here.addon))
    await mkdir(dirname(addon), { recursive: true })
    await copyFile(here.addon, addon)
    let walks = 0
    const options = { home, configured, routes: ['configured'] as const }
    const onProgress = ({ phase }: { phase: string }): void => void (walks += phase === 'looking' ? 1 : 0)
    const both = await Promise.all([1, 2].map(() => provisionNative({ ...options, onProgress })))
    expect(walks).toBe(1)
    expect(both[0]).toEqual(both[1])
    const info = both[0] as NativeInfo
    expect(info).toMatchObject({ kind: 'configured', addon, routes: [{ outcome: 'used' }] })
    expect(info.version).toMatch(/^2\./)
    expect(await staleReason(info)).toBeNull()
    expect(await damagedFiles(info)).toEqual([])
    await appendFile(addon, 'x')
    expect(await staleReason(info)).toBe(`${addon} has changed`)
    expect(await damagedFiles(info)).toEqual([addon])
  })

  it('is joined by an addon that names no library, so that it fits any', async ({ skip }) => {
    if (!(await nativeAvailable())) return skip('no native engine here')
    const { addon } = await provisionNative()
    expect((await readFile(addon)).includes('libtensorflow')).toBe(false)
  })

  it('says what an addon needs where none was shipped and none can be compiled', async () => {
    const none = { folder: await tempFolder(), report: () => undefined }
    await expect(ownAddon(undefined, none)).rejects.toThrow(/no addon was shipped.*headers/)
  })
})
