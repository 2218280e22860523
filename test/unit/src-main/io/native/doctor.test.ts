import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { homedir } from 'node:os'
import { expect, it, vi } from 'vitest'
import { doctorReport } from '../../../../../src-main/io/native/doctor.ts'
import { provisionNative } from '../../../../../src-main/io/native/setup/provision.ts'
import { doctorReport as schema } from '../../../../../src-shared/contract/doctor.ts'
import { engineHome } from '../../../../support/engine-home.ts'
import { nativeAvailable } from '../../../../support/backend.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const scratch = temporaryFolder()
const tempFolder = (): Promise<string> => mkdtemp(join(scratch, 'case-'))

it('says what computes and why where nothing is set up', async () => {
  const home = await tempFolder()
  await provisionNative({ home, routes: ['configured'], configured: '/no/such/tensorflow' })
  const report = await doctorReport({ home, appVersion: '1.2.3' })
  expect(schema.parse(report)).toEqual(report)
  expect(report.backend).toMatchObject({ name: 'wasm', gpu: false, device: 'CPU:0' })
  expect(report.backend.matmulMs).toBeGreaterThan(0)
  const configured = report.routes.find((r) => r.route === 'configured')
  expect(configured).toEqual({
    route: 'configured',
    tried: true,
    ok: false,
    reason: '/no/such/tensorflow does not exist',
  })
  expect(report.advice.join()).toContain('cotrain setup')
  expect(report.text).toContain('CoTrain 1.2.3')
  expect(report.text).toContain('Route configured: failed (/no/such/tensorflow does not exist)')
})

it('names the runs that have taken all cards in place of a time', async () => {
  vi.stubEnv('COTRAIN_ENGINE', undefined)
  const device = () => Promise.reject(new Error('the card is busy: card 0 (A100) with run "long".'))
  const report = await doctorReport({ home: engineHome(true), appVersion: '1.2.3', device })
  vi.unstubAllEnvs()
  expect(report.backend).toMatchObject({ name: 'native', gpu: true, device: 'GPU:0', matmulMs: null })
  expect(report.advice).toEqual([
    'The engine was not timed: the card is busy: card 0 (A100) with run "long".',
  ])
})

it('proves the native engine by a timed product and hides personal folders', async ({ skip }) => {
  if (!(await nativeAvailable())) return skip('no native engine here')
  const report = await doctorReport({ appVersion: '1.2.3', deep: true })
  if (process.env['COTRAIN_ENGINE'] === undefined) {
    expect(report.backend.name).toBe('native')
    expect(report.versions.tensorflow).toMatch(/^2\./)
    expect(report.backend.matmulMs).toBeGreaterThan(0)
  }
  expect(report.advice.join()).not.toContain('Damaged')
  if (homedir().length > 1) expect(report.text).not.toContain(homedir())
})

// Where Vulkan is told of no driver there is no adapter; other systems have no such switch.
it.skipIf(process.platform !== 'linux')(
  'says that WebGPU was asked for and finds no adapter, and what computes instead',
  async () => {
    vi.stubEnv('COTRAIN_ENGINE', 'webgpu')
    vi.stubEnv('VK_ICD_FILENAMES', '/nowhere/icd.json')
    vi.stubEnv('VK_DRIVER_FILES', '/nowhere/icd.json')
    const report = await doctorReport({ home: await tempFolder(), appVersion: '1.2.3' })
    vi.unstubAllEnvs()
    expect(schema.parse(report)).toEqual(report)
    expect(report.backend).toMatchObject({ name: 'webgpu', gpu: false, device: 'none', matmulMs: null })
    expect(report.advice.join()).toMatch(
      /WebGPU does not run: .*no adapter.*COTRAIN_ENGINE=native or wasm computes on the processor/,
    )
  },
)
