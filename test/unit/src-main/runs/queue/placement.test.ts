import { describe, expect, it } from 'vitest'
import type { ComputeDevice } from '../../../../../src-main/io/native/devices/compute-devices.ts'
import type { Machine, PlacedRun } from '../../../../../src-main/runs/queue/placement.ts'
import { deviceFor, deviceNamed, place, slotsOf } from '../../../../../src-main/runs/queue/placement.ts'
import { hasTf32 } from '../../../../../src-main/runs/workers/precision-variables.ts'
import { problemOf } from '../../../../support/problem-of.ts'
import { fc } from '../../../../support/property.ts'

const GIB = 2 ** 30
const device = (n: number, freeBytes: number | null = 80 * GIB): ComputeDevice => ({
  uuid: `GPU-${n}`,
  index: String(n),
  name: 'A100',
  computeCapability: '8.0',
  freeBytes,
  totalBytes: 80 * GIB,
})
const machine = (devices: readonly ComputeDevice[], slotsPerGpu = 1): Machine => ({
  devices,
  note: '',
  slotsPerGpu,
})
const four = machine([0, 1, 2, 3].map((n) => device(n)))
const on = (uuid: string | null, name = 'a run'): PlacedRun => ({ name, device: uuid })
const runs = (...ids: string[]) => ids.map((id) => ({ id }))
const placed = (...given: Parameters<typeof place>) =>
  place(...given).starts.map(({ id, device: at }) => [id, at?.index ?? null])

describe('the placing of runs', () => {
  it('starts one on the processor, and as many on cards as they have slots', () => {
    expect(placed(machine([]), [], runs('a', 'b'))).toEqual([['a', null]])
    expect(placed(machine([]), [on(null)], runs('a'))).toEqual([])
    expect(placed(four, [], runs('a', 'b', 'c', 'd', 'e')).length).toBe(4)
    expect(slotsOf(machine(four.devices, 2))).toBe(8)
    expect(slotsOf(machine([], 8))).toBe(1)
  })

  it('takes the card with the fewest runs, then the most free memory', () => {
    const mixed = machine([device(0, 10 * GIB), device(1, null), device(2, 70 * GIB)], 2)
    expect(placed(mixed, [], runs('a', 'b', 'c', 'd'))).toEqual([
      ['a', '2'],
      ['b', '0'],
      ['c', '1'],
      ['d', '2'],
    ])
    expect(placed(mixed, [on('GPU-2'), on('GPU-2')], runs('a'))).toEqual([['a', '0']])
  })

  it('gives a run that wishes for a card that one or none, and lets the next go first', () => {
    const wished = [{ id: 'a', wish: 'GPU-1' }, { id: 'b', wish: 'GPU-9' }, { id: 'c' }]
    const { starts, waits } = place(machine([device(0), device(1)]), [on('GPU-1', 'long')], wished)
    expect(starts).toEqual([{ id: 'c', device: device(0) }])
    expect([...waits]).toEqual([
      ['a', 'waits for card 1 (A100), busy with run "long"'],
      ['b', 'its card GPU-9 is not there'],
    ])
    expect(placed(four, [], [{ id: 'a', wish: 'GPU-3' }])).toEqual([['a', '3']])
    expect(placed(machine([]), [], [{ id: 'a', wish: 'GPU-3' }])).toEqual([])
  })

  it('sends a run that may be on its way to a card there again, if that is free', () => {
    expect(placed(four, [], [{ id: 'a', likely: 'GPU-2' }])).toEqual([['a', '2']])
    expect(placed(four, [on('GPU-2')], [{ id: 'a', likely: 'GPU-2' }])).toEqual([['a', '0']])
  })

  it('gives a run that needs a newer card one of those, or lets it wait for one and the next go first', () => {
    const older = { ...device(0), computeCapability: '7.5' }
    const mixed = machine([older, device(1, GIB), { ...device(2), computeCapability: null }])
    const needy = { id: 'a', suits: hasTf32 }
    expect(placed(mixed, [], [needy, { id: 'b' }])).toEqual([
      ['a', '1'],
      ['b', '0'],
    ])
    const { starts, waits } = place(mixed, [on('GPU-1')], [needy, { id: 'b' }])
    expect(starts).toEqual([{ id: 'b', device: older }])
    expect([...waits]).toEqual([['a', 'waits for card 1 (A100): others lack its number format']])
    expect(placed(machine([older]), [], [needy])).toEqual([['a', '0']])
    expect(placed(mixed, [], [{ ...needy, wish: 'GPU-0' }])).toEqual([['a', '0']])
    expect(deviceFor(mixed, [on('GPU-1')], 'any', hasTf32)?.index).toBe('1')
  })

  it('steers to able cards whatever is there and taken, and leaves no able one empty', () => {
    const capability = fc.constantFrom('7.5', '8.0', '9.0', null)
    fc.assert(
      fc.property(
        fc.array(capability, { minLength: 1, maxLength: 4 }),
        fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }),
        fc.array(fc.boolean(), { maxLength: 6 }),
        (capabilities, taken, needs) => {
          const devices = capabilities.map((has, n) => ({ ...device(n), computeCapability: has }))
          const live = taken.filter((n) => n < devices.length).map((n) => on(`GPU-${n}`))
          const waiting = needs.map((need, n) => ({ id: String(n), suits: need ? hasTf32 : undefined }))
          const { starts } = place(machine(devices), live, waiting)
          const used = new Set(
            [...live, ...starts.map((start) => ({ device: start.device?.uuid }))].map((one) => one.device),
          )
          const able = devices.filter(hasTf32)
          for (const { id, device: given } of starts)
            if (needs[Number(id)] === true && able.length > 0)
              expect(given !== null && hasTf32(given)).toBe(true)
          const waits = needs.some((need, n) => need && !starts.some(({ id }) => id === String(n)))
          if (waits) expect(able.every(({ uuid }) => used.has(uuid))).toBe(true)
        },
      ),
      { numRuns: 200 },
    )
  })

  it('never gives a card more runs than its slots, nor another than was wished, and leaves no slot empty', () => {
    const uuid = fc.integer({ min: 0, max: 4 }).map((n) => `GPU-${n}`)
    const free = fc.option(fc.integer({ min: 0, max: 9 }), { nil: null })
    fc.assert(
      fc.property(
        fc.array(free, { maxLength: 4 }),
        fc.integer({ min: 1, max: 3 }),
        fc.array(fc.option(uuid, { nil: null }), { maxLength: 6 }),
        fc.array(fc.option(uuid, { nil: undefined }), { maxLength: 9 }),
        (memory, slotsPerGpu, live, wishes) => {
          const here = machine(
            memory.map((bytes, n) => device(n, bytes)),
            slotsPerGpu,
          )
          const waiting = wishes.map((wish, n) => ({ id: String(n), wish }))
          const { starts, waits } = place(
            here,
            live.map((at) => on(at)),
            waiting,
          )
          const started = new Map(starts.map((start) => [start.id, start.device]))
          expect(started.size).toBe(starts.length)
          for (const { uuid: at } of here.devices) {
            const then = live.filter((one) => one === at).length
            const now = then + starts.filter((start) => start.device?.uuid === at).length
            expect(now).toBeLessThanOrEqual(Math.max(then, slotsPerGpu))
          }
          for (const { id, wish } of waiting) {
            const got = started.get(id)
            if (got === undefined) continue
            if (here.devices.length > 0) expect(got).not.toBeNull()
            if (wish !== undefined) expect(got?.uuid).toBe(wish)
            expect(waits.has(id)).toBe(false)
          }
          // Who waits without a wish waits because nothing is free; a run on an unknown card may be on any.
          if (waiting.every(({ id, wish }) => wish !== undefined || started.has(id))) return
          const now = [...live, ...starts.map((start) => start.device?.uuid ?? null)]
          const open = here.devices.reduce(
            (sum, { uuid: at }) => sum + Math.max(0, slotsPerGpu - now.filter((one) => one === at).length),
            0,
          )
          if (here.devices.length === 0) expect(now.length).toBeGreaterThan(0)
          else expect(open).toBeLessThanOrEqual(live.filter((at) => at === null).length)
        },
      ),
      { numRuns: 300 },
    )
  })
})

describe('the device of a process that is no run', () => {
  it('is the one with the fewest runs that has room, where there is one at all', () => {
    expect(deviceFor(machine([]), [], 'free')).toBeNull()
    expect(deviceFor(four, [on('GPU-0'), on('GPU-1')], 'room')?.index).toBe('2')
    expect(deviceFor(machine([device(0, GIB - 1), device(1, GIB)]), [on('GPU-1')], 'room')?.index).toBe('1')
    expect(deviceFor(machine([device(0, 5)]), [on('GPU-0')], 'any')?.index).toBe('0')
  })

  it('for any need is the one that the next run is given, where a slot is free', () => {
    const free = fc.option(fc.integer({ min: 0, max: 9 }), { nil: null })
    const taken = fc.array(
      fc.integer({ min: 0, max: 3 }).map((n) => on(`GPU-${n}`)),
      { maxLength: 6 },
    )
    fc.assert(
      fc.property(
        fc.array(free, { maxLength: 4 }),
        fc.integer({ min: 1, max: 3 }),
        taken,
        (memory, slots, live) => {
          const here = machine(
            memory.map((bytes, n) => device(n, bytes)),
            slots,
          )
          const [next] = place(here, live, runs('a')).starts
          if (next !== undefined) expect(deviceFor(here, live, 'any')).toEqual(next.device)
        },
      ),
    )
  })

  it('for a timing is one with a free slot, or the runs are named that have them', async () => {
    const busy = machine([device(0), device(1)], 1)
    const live = [on('GPU-0', 'one'), on('GPU-1', 'two')]
    expect(deviceFor(busy, live, 'room')?.index).toBe('0')
    expect(deviceFor({ ...busy, slotsPerGpu: 2 }, live, 'free')?.index).toBe('0')
    expect(await problemOf(() => deviceFor(busy, live, 'free'))).toMatchObject({
      code: 'engine-unavailable',
      message: 'all cards are busy: card 0 (A100) with run "one"; card 1 (A100) with run "two".',
    })
    expect(await problemOf(() => deviceFor(machine([device(0, 5)]), [], 'room'))).toMatchObject({
      message: 'the card is busy: card 0 (A100) has less than 1 GiB free.',
    })
  })

  it('is found by number or UUID, and what is there is named where it is not', async () => {
    expect(deviceNamed(four, '2').uuid).toBe('GPU-2')
    expect(deviceNamed(four, 'GPU-3').index).toBe('3')
    expect(await problemOf(() => deviceNamed(machine([device(0)]), '7'))).toMatchObject({
      code: 'not-found',
      message: 'no card "7" computes here.',
      hint: 'There are: 0 (A100, GPU-0).',
    })
  })
})
