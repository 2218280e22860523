import { appendFileSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { RunEvent } from '../../../../src-shared/contract/run.ts'
import { decodeEvent, encodeEvent } from '../../../../src-main/store/history/event-line.ts'
import { readEvents } from '../../../../src-main/store/history/event-reader.ts'
import { openEventWriter } from '../../../../src-main/store/history/event-writer.ts'
import { problemOf } from '../../../support/problem-of.ts'
import { temporaryFolder } from '../../../support/temp-folder.ts'

const folder = temporaryFolder()
const metrics = (step: number, segment = 1): RunEvent => ({
  kind: 'metrics',
  segment,
  at: step * 1000,
  step,
  epoch: step / 10,
  images: step * 8,
  values: { 'Training/v1/loss': 1 / step, 'Validation/v1/eval': null },
})

function written(name: string, steps: readonly number[]): string {
  const path = join(folder, name)
  const writer = openEventWriter(path)
  for (const step of steps) writer.add(metrics(step))
  writer.close()
  return path
}

describe('an event line', () => {
  it('gives back what was written, also text of other alphabets', () => {
    const log: RunEvent = {
      kind: 'log',
      segment: 1,
      at: 1,
      level: 'info',
      text: 'Übergröße "quoted"\n\u2028 日本',
    }
    for (const event of [metrics(3), log]) expect(decodeEvent(encodeEvent(event).trimEnd())).toEqual(event)
  })

  it('is refused when any one character was changed', () => {
    const line = encodeEvent(metrics(7)).trimEnd()
    for (let at = 0; at < line.length; at++) {
      for (const letter of ['x', '0', '"', '}']) {
        if (line[at] === letter) continue
        const changed = line.slice(0, at) + letter + line.slice(at + 1)
        expect(decodeEvent(changed), `${letter} at ${at}`).toBeNull()
      }
    }
  })
})

it.each([
  '{"kind":"other","step":1,"values":{}}',
  '{"kind":"metrics","values":{}}',
  '{"kind":"metrics","step":1}',
  'null',
  '7',
  '{"kind":',
])('a line of %s is refused although its checksum is right', (text) => {
  const whole = encodeEvent(metrics(1))
  expect(decodeEvent(whole.trimEnd())).not.toBeNull()
  const sum = crc32(text).toString(16).padStart(8, '0')
  expect(decodeEvent(`["${sum}",${text}]`)).toBeNull()
})

describe('the event log', () => {
  afterEach(() => vi.useRealTimers())

  it('has no events where there is no file, and says what else is wrong', () => {
    expect(readEvents(join(folder, 'absent.jsonl'))).toEqual({ events: [], next: 0, bad: 0, torn: false })
    expect(() => readEvents(folder)).toThrow()
  })

  it('takes an empty line for none, and lines longer than it reads at a time', () => {
    const path = join(folder, 'long.jsonl')
    const long: RunEvent = { kind: 'log', segment: 1, at: 1, level: 'info', text: 'x'.repeat(5 << 20) }
    writeFileSync(path, `${encodeEvent(metrics(1))}\n${encodeEvent(long)}${encodeEvent(metrics(2))}`)
    const { events, next, bad, torn } = readEvents(path)
    expect(events.map((e) => (e.kind === 'log' ? e.text.length : e.kind))).toEqual([
      'metrics',
      5 << 20,
      'metrics',
    ])
    expect([next, bad, torn]).toEqual([statSync(path).size, 0, false])
  })

  it('writes once a second, and at once where it is asked to', () => {
    vi.useFakeTimers()
    const path = join(folder, 'seconds.jsonl')
    const writer = openEventWriter(path)
    const there = () => readEvents(path).events.length
    writer.add(metrics(1))
    writer.add(metrics(2))
    vi.advanceTimersByTime(999)
    expect(there()).toBe(0)
    vi.advanceTimersByTime(1)
    expect(there()).toBe(2)
    writer.add(metrics(3))
    writer.flush(true)
    expect(there()).toBe(3)
    writer.add(metrics(4))
    vi.advanceTimersByTime(1000)
    expect(there()).toBe(4)
    writer.close()
    expect(readEvents(path).bad).toBe(0)
  })

  it('drops a torn last line and says so, whatever byte it was torn at', () => {
    const path = written('torn.jsonl', [1, 2, 3])
    const whole = readFileSync(path)
    const lastLine = whole.lastIndexOf(0x0a, whole.length - 2) + 1
    for (let size = whole.length - 1; size > lastLine; size -= 7) {
      truncateSync(path, size)
      const { events, torn, bad } = readEvents(path)
      expect([events.length, torn, bad]).toEqual([2, true, 0])
    }
  })

  it('skips and counts damaged lines in the middle', () => {
    const path = written('garbled.jsonl', [1, 2, 3, 4])
    const lines = readFileSync(path, 'utf8').split('\n')
    lines[1] = `${lines[1]?.slice(0, 40)}\0\0\0`
    writeFileSync(path, lines.join('\n'))
    const { events, bad, torn } = readEvents(path)
    expect(events.map((e) => e.kind === 'metrics' && e.step)).toEqual([1, 3, 4])
    expect([bad, torn]).toEqual([1, false])
  })

  it('loses only the torn line when a new process appends after a crash', () => {
    const path = written('append.jsonl', [1, 2])
    truncateSync(path, statSync(path).size - 5)
    const writer = openEventWriter(path)
    writer.add(metrics(3))
    writer.close()
    const { events, bad } = readEvents(path)
    expect(events.map((e) => e.kind === 'metrics' && e.step)).toEqual([1, 3])
    expect(bad).toBe(1)
  })

  it('reads only what has come since the last time', () => {
    const path = written('tail.jsonl', [1])
    const first = readEvents(path)
    appendFileSync(path, encodeEvent(metrics(2)) + encodeEvent(metrics(3)).slice(0, 20))
    const second = readEvents(path, first.next)
    expect(second.events).toEqual([metrics(2)])
    expect(second.torn).toBe(true)
  })

  it.runIf(process.platform === 'linux')('says that the disk is full', async () => {
    const path = join(folder, 'full.jsonl')
    symlinkSync('/dev/full', path)
    const writer = openEventWriter(path)
    writer.add(metrics(1))
    expect(await problemOf(() => writer.flush())).toMatchObject({ code: 'disk-full', path })
  })
  it.runIf(process.platform === 'linux')('tells the next caller of a write that failed by itself', () => {
    vi.useFakeTimers()
    const path = join(folder, 'later.jsonl')
    symlinkSync('/dev/full', path)
    const writer = openEventWriter(path)
    writer.add(metrics(1))
    vi.advanceTimersByTime(1000)
    expect(() => writer.add(metrics(2))).toThrow('Free some space, then resume the run.')
  })
})
