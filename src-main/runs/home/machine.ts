import { recently } from '../../../src-shared/util/recent.ts'
import type { ComputeDevices } from '../../io/native/devices/compute-devices.ts'
import { computeDevices, NO_DEVICES } from '../../io/native/devices/compute-devices.ts'
import { engineInUse } from '../../io/native/engine-in-use.ts'
import { unusedGpuHere } from '../../io/native/devices/unused-here.ts'
import { computesOnCards } from '../../io/native/devices/worker-variables.ts'
import type { RunStore } from '../../store/run-store.ts'
import type { MachineView } from '../queue/placement.ts'
import { readSettings } from './settings-file.ts'

/** What is free on a card changes by the second; the driver's tool takes a good part of one. */
const KEEP_MS = 5_000
/** Engines that compute on a card where they find one. */
const ON_CARDS: readonly string[] = ['', 'auto', 'native', 'gpu']

/** The devices on which the runs of a home compute; none where their engine computes on the processor. */
export function watchMachine(store: RunStore): MachineView {
  const devices = recently(() => devicesOf(store), KEEP_MS, clock)
  const machine = (found: ComputeDevices) => ({ ...found, slotsPerGpu: readSettings(store).slotsPerGpu })
  return {
    read: async () => machine(isOnCards(store) ? await devices.read() : NO_DEVICES),
    known: () => machine((isOnCards(store) ? devices.known() : undefined) ?? NO_DEVICES),
  }
}

/** Asks why a card of this machine computes nothing, see {@link unusedGpuHere}; the answer is kept for a moment. */
export const watchUnusedGpu = (store: RunStore): (() => Promise<string | null>) =>
  recently(
    () => unusedGpuHere({ home: store.layout.home, asked: engineOf(store), threads: threadsOf(store) }),
    KEEP_MS,
    clock,
  ).read

const clock = (): number => performance.now()

const engineOf = (store: RunStore): string => process.env['COTRAIN_ENGINE'] ?? readSettings(store).engine

/** undefined: as many as there are cores. */
const threadsOf = (store: RunStore): number | undefined => readSettings(store).threads || undefined

const isOnCards = (store: RunStore): boolean =>
  ON_CARDS.includes(engineOf(store)) && computesOnCards(store.layout.home)

/** None where a library computes wrong, or WebGPU computes. */
async function devicesOf(store: RunStore): Promise<ComputeDevices> {
  const { name, gpu } = await engineInUse({
    home: store.layout.home,
    asked: engineOf(store),
    threads: threadsOf(store),
  })
  return name === 'native' && gpu ? computeDevices() : NO_DEVICES
}
