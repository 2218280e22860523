import type { Gpu } from '../../../../src-shared/contract/doctor.ts'
import type { NvidiaSources } from './nvidia.ts'
import { nvidiaDevices } from './nvidia.ts'

/** A card, or an instance of one that is divided (MIG): what one process is shown as its only device. */
export interface ComputeDevice {
  /** What `CUDA_VISIBLE_DEVICES` takes: `GPU-...` or `MIG-...`. */
  readonly uuid: string
  /** As the driver's tool counts: `1`, of an instance `1:0`. */
  readonly index: string
  readonly name: string
  /** Of the card, as the driver tells it: `8.0`. */
  readonly computeCapability: string | null
  /** null where the driver does not say, as of instances. */
  readonly freeBytes: number | null
  /** null where the driver does not say, as of instances. */
  readonly totalBytes: number | null
}

export interface ComputeDevices {
  readonly devices: readonly ComputeDevice[]
  /** Why a card that is there is not among them; '' where all are. */
  readonly note: string
}

export const NO_DEVICES: ComputeDevices = { devices: [], note: '' }

/** CUDA's own context with the kernels of the library, and a product of matrices. */
const LEAST_BYTES = 2 ** 30

/** Whether a process that only tries or times something fits beside what is there. */
export const hasRoom = ({ freeBytes }: ComputeDevice): boolean =>
  freeBytes === null || freeBytes >= LEAST_BYTES

/** Most free memory first; what does not say how much comes last. For `sort`. */
export const byRoom = (a: ComputeDevice, b: ComputeDevice): number => (b.freeBytes ?? 0) - (a.freeBytes ?? 0)

/** The devices of this machine that CUDA_VISIBLE_DEVICES of this process leaves. Empty where no driver tells. */
export async function computeDevices(sources: NvidiaSources = {}): Promise<ComputeDevices> {
  return visibleDevices(await nvidiaDevices(sources), process.env['CUDA_VISIBLE_DEVICES'])
}

/** A device, and the card that it is or is a part of. */
interface Found {
  readonly device: ComputeDevice
  readonly card: { readonly uuid: string; readonly index: string }
}

/**
 * Of these cards the devices that a list as of CUDA_VISIBLE_DEVICES leaves, in its order: numbers as the driver's tool
 * counts, or the beginnings of UUIDs. As documented for CUDA the list ends at the first entry that names nothing.
 */
export function visibleDevices(gpus: readonly Gpu[], asked: string | undefined): ComputeDevices {
  const cards = gpus.filter(({ uuid }) => uuid.startsWith('GPU-'))
  const found = cards.flatMap(devicesOf)
  const hidden = cards.filter(({ isPartitioned, instances }) => isPartitioned && instances.length === 0)
  const [divided] = hidden
  const note =
    divided === undefined
      ? ''
      : `The ${divided.name} is divided (MIG), and its driver lists no instance: none was made, or this user may not see them ("nvidia-smi -L")`
  if (asked === undefined) return { devices: found.map(({ device }) => device), note }
  const chosen = new Set<ComputeDevice>()
  for (const word of asked.split(',').map((w) => w.trim())) {
    const named = found.filter((one) => isNamed(one, word))
    if (named.length === 0) {
      const stop = `CUDA_VISIBLE_DEVICES=${asked} names no device with "${word}"`
      return { devices: [...chosen], note: found.length === 0 || word === '' ? note : stop }
    }
    for (const { device } of named) chosen.add(device)
  }
  return { devices: [...chosen], note }
}

function devicesOf(gpu: Gpu, place: number): Found[] {
  const { uuid, name, computeCapability, freeBytes, memoryBytes: totalBytes } = gpu
  const card = { uuid, index: String(place) }
  if (!gpu.isPartitioned)
    return [{ card, device: { ...card, name, computeCapability, freeBytes, totalBytes } }]
  return gpu.instances.map((part, i) => {
    const own = { uuid: part.uuid, index: `${place}:${i}`, name: `${name} MIG ${part.name}` }
    return { card, device: { ...own, computeCapability, freeBytes: null, totalBytes: null } }
  })
}

/** By number or UUID; a card that is divided stands for its instances. */
const isNamed = ({ device, card }: Found, word: string): boolean =>
  word === device.index ||
  word === card.index ||
  (/^(GPU|MIG)-./.test(word) && [device, card].some(({ uuid }) => uuid.startsWith(word)))
