import type { Problem } from '../../../src-shared/contract/errors.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { DatasetChoice } from '../../../src-shared/schema/registry.ts'
import { buildModel } from '../../engine/model/index.ts'
import { train } from '../../engine/train/index.ts'
import { cotrainHome } from '../../disk/home.ts'
import { visibleDevices } from '../../io/native/devices/compute-devices.ts'
import { nvidiaDevices } from '../../io/native/devices/nvidia.ts'
import { deviceMemoryMeter } from '../../io/native/devices/used-memory.ts'
import { loadBackend } from '../../io/native/load-backend.ts'
import { homeLayout } from '../../disk/home-layout.ts'
import { checkData, type Described } from '../../data/sources/check-data.ts'
import { buildData, describeData } from '../../data/assemble/build-data.ts'
import type { DataDeps } from '../../data/content/data-deps.ts'
import { knownShapes } from './data-shapes.ts'
import type { DataDescription, DescribeData, EngineParts } from './engine-parts.ts'

/** The engine of the app. */
export const realEngine: EngineParts = {
  loadBackend: async () => {
    const backend = await loadBackend()
    const cards = await nvidiaDevices()
    if (!backend.gpu) return { ...backend, unusedCards: cards.map(({ name }) => name) }
    const { devices } = visibleDevices(cards, process.env['CUDA_VISIBLE_DEVICES'])
    return { ...backend, cards: devices, deviceMemory: deviceMemoryMeter() }
  },
  describeData: (choice, dataSeed, folder) =>
    described(() => describeData(choice, dataSeed, dataDeps(folder)), choice, dataSeed),
  buildData: (choice, dataSeed, folder, report, rule) => {
    const progress = (text: string, fraction: number | null): void => report(text, fraction ?? 0)
    return buildData(choice, dataSeed, { ...dataDeps(folder), progress }, { rule })
  },
  usePlugins: async (used) =>
    (await import('../../io/plugins/load-plugins.ts')).loadPlugins(cotrainHome(), used),
  buildModel: (choice, { shapes }) => buildModel(choice, shapes),
  train,
}

/** What a dataset config stands for; files that open quickly are opened, so that bad ones are named before a run exists. */
export const describe: DescribeData = (choice, dataSeed, folder) =>
  described(() => checkData(choice, dataSeed, dataDeps(folder)), choice, dataSeed)

/** Data that are missing or damaged come as problems, not as an exception. */
async function described(
  look: () => Promise<Described>,
  choice: DatasetChoice,
  dataSeed: number,
): Promise<DataDescription> {
  try {
    const { fingerprint, manifest, parts, former } = await look()
    const items = manifest.map(({ name, bytes }) => ({
      name,
      present: true,
      detail: `${(bytes / 1e6).toFixed(1)} MB`,
    }))
    const shapes = knownShapes(homeLayout(cotrainHome()), { choice, dataSeed, fingerprint })
    return { fingerprint, parts, former, items, problems: [], shapes }
  } catch (error) {
    if (!(error instanceof CotrainError)) throw error
    return { fingerprint: '', items: error.problems.map(missingItem), problems: error.problems, shapes: null }
  }
}

const missingItem = ({ path, message }: Problem) => ({
  name: path ?? 'data',
  present: false,
  detail: message,
})

const dataDeps = (folder: string): DataDeps => ({
  home: cotrainHome(),
  folder,
  now: () => performance.now(),
  date: () => new Date(),
})
