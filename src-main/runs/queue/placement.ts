import { CotrainError } from '../../../src-shared/contract/errors.ts'
import type { ComputeDevice, ComputeDevices } from '../../io/native/devices/compute-devices.ts'
import { byRoom, hasRoom } from '../../io/native/devices/compute-devices.ts'

/** What runs are placed on. Without devices all runs share the processor, which has one slot. */
export interface Machine extends ComputeDevices {
  /** Runs that compute on one device at the same time. */
  readonly slotsPerGpu: number
}

/** The machine now, and as it was known last. */
export interface MachineView {
  read(): Promise<Machine>
  known(): Machine
}

/** A run at work, or about to be. */
export interface PlacedRun {
  readonly name: string
  /** UUID of its device; null where it is on none, or on one that nobody knows. */
  readonly device: string | null
}

export interface WaitingRun {
  readonly id: string
  /** UUID of the only device that it may have. */
  readonly wish?: string | undefined
  /** A device that it may be on its way to already. */
  readonly likely?: string | undefined
  /** What a device must have to be given to it without a wish; absent: any will do. */
  readonly suits?: ((device: ComputeDevice) => boolean) | undefined
}

export interface Placement {
  /** Runs to start now, in the order of the queue. */
  readonly starts: readonly { readonly id: string; readonly device: ComputeDevice | null }[]
  /** Why runs that have wished for a device wait for it. */
  readonly waits: ReadonlyMap<string, string>
}

/** How many runs work at the same time. */
export const slotsOf = ({ devices, slotsPerGpu }: Machine): number =>
  Math.max(1, devices.length * slotsPerGpu)

/**
 * Which of the waiting runs start, and on which device each: the one that it has wished for, else the one with the fewest
 * runs, then the most free memory. A wish is never met by another device, nor is a run that needs more than some devices have given
 * one of those while there are others: it waits, and the next may go first.
 */
export function place(
  machine: Machine,
  live: readonly PlacedRun[],
  waiting: readonly WaitingRun[],
): Placement {
  const { devices } = machine
  const counts = countsOf(machine, live)
  let free = freeSlots(machine, live, counts)
  const starts: { id: string; device: ComputeDevice | null }[] = []
  const waits = new Map<string, string>()
  for (const { id, wish, likely, suits } of waiting) {
    const open = devices.filter(({ uuid }) => (counts.get(uuid) ?? 0) < machine.slotsPerGpu)
    if (wish !== undefined && !open.some(({ uuid }) => uuid === wish)) {
      waits.set(id, whyNot(machine, live, wish))
      continue
    }
    if (free <= 0) continue
    const able = open.filter((one) => suitable(machine, suits).includes(one))
    const choice = wish === undefined ? able : open.filter(({ uuid }) => uuid === wish)
    const device = choice.find(({ uuid }) => uuid === likely) ?? leastUsed(choice, counts)
    if (device === null && devices.length > 0) {
      if (able.length < open.length)
        waits.set(
          id,
          `waits for ${suitable(machine, suits).map(labelOf).join(' or ')}: others lack its number format`,
        )
      continue
    }
    starts.push({ id, device })
    if (device !== null) counts.set(device.uuid, (counts.get(device.uuid) ?? 0) + 1)
    free--
  }
  return { starts, waits }
}

/** The devices that a run can compute on; all where none can: its start says what is missing. */
function suitable({ devices }: Machine, suits: WaitingRun['suits']): readonly ComputeDevice[] {
  const able = suits === undefined ? devices : devices.filter(suits)
  return able.length === 0 ? devices : able
}

/** `free`: a slot, since times taken beside a run would be those of both; `room`: memory to compute in; `any`: see below. */
export type DeviceNeed = 'free' | 'room' | 'any'

/**
 * The device for a process that is no run: the one with the fewest runs, then the most free memory, that has what it needs;
 * null where there is none to choose. For `any` a full one will do: little or nothing is computed. `suits` as for a run.
 * @throws CotrainError `engine-unavailable` naming the runs that have taken what there is
 */
export function deviceFor(
  machine: Machine,
  live: readonly PlacedRun[],
  need: DeviceNeed,
  suits: WaitingRun['suits'] = undefined,
): ComputeDevice | null {
  const { slotsPerGpu } = machine
  const devices = suitable(machine, suits)
  if (devices.length === 0) return null
  const counts = countsOf(machine, live)
  const isFull = ({ uuid }: ComputeDevice): boolean => (counts.get(uuid) ?? 0) >= slotsPerGpu
  const fits = devices.filter(
    (device) => need === 'any' || (hasRoom(device) && !(need === 'free' && isFull(device))),
  )
  const found = leastUsed(fits, counts)
  if (found !== null) return found
  const states = devices.map((device) => {
    const names = live.filter((run) => run.device === device.uuid).map(({ name }) => name)
    return `${labelOf(device)} ${names.length > 0 ? `with run ${inWords(names)}` : 'has less than 1 GiB free'}`
  })
  throw new CotrainError({
    code: 'engine-unavailable',
    message: `${devices.length === 1 ? 'the card is' : 'all cards are'} busy: ${states.join('; ')}.`,
    hint: 'Try again when a run has ended.',
  })
}

/** `card 1:0 (NVIDIA A100 MIG 1g.10gb)` */
const labelOf = ({ index, name }: Pick<ComputeDevice, 'index' | 'name'>): string => `card ${index} (${name})`

/**
 * The device that a person means by its number or UUID.
 * @throws CotrainError `not-found` naming those that are there
 */
export function deviceNamed({ devices }: Machine, word: string): ComputeDevice {
  const found = devices.find(({ uuid, index }) => word === index || word === uuid)
  if (found !== undefined) return found
  const there = devices.map((d) => `${d.index} (${d.name}, ${d.uuid})`).join('; ')
  const message = `no card "${word}" computes here.`
  const hint = there === '' ? 'Runs compute on the processor: see `cotrain doctor`.' : `There are: ${there}.`
  throw new CotrainError({ code: 'not-found', path: 'device', message, hint })
}

function countsOf({ devices }: Machine, live: readonly PlacedRun[]): Map<string, number> {
  return new Map(devices.map(({ uuid }) => [uuid, live.filter(({ device }) => device === uuid).length]))
}

/** A run whose device nobody knows may be on any: it takes a slot of the whole. One on a device that is gone takes none. */
function freeSlots(
  { devices, slotsPerGpu }: Machine,
  live: readonly PlacedRun[],
  counts: ReadonlyMap<string, number>,
): number {
  if (devices.length === 0) return 1 - live.length
  const open = [...counts.values()].reduce((sum, count) => sum + Math.max(0, slotsPerGpu - count), 0)
  return open - live.filter(({ device }) => device === null).length
}

function leastUsed(
  devices: readonly ComputeDevice[],
  counts: ReadonlyMap<string, number>,
): ComputeDevice | null {
  const runs = ({ uuid }: ComputeDevice): number => counts.get(uuid) ?? 0
  return devices.toSorted((a, b) => runs(a) - runs(b) || byRoom(a, b))[0] ?? null
}

function whyNot({ devices, note }: Machine, live: readonly PlacedRun[], wish: string): string {
  const device = devices.find(({ uuid }) => uuid === wish)
  if (device === undefined) return `its card ${wish} is not there${note === '' ? '' : ` (${note})`}`
  const names = live.filter((run) => run.device === wish).map(({ name }) => name)
  return `waits for ${labelOf(device)}${names.length === 0 ? '' : `, busy with run ${inWords(names)}`}`
}

const inWords = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ')
