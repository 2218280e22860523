import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeCanonical } from '../../../../../src-main/io/canonical/write.ts'
import { createHdf5 } from '../../../../../src-main/io/formats/hdf5/hdf5-writer.ts'
import { childArguments } from '../../../../support/child.ts'
import { FUZZ_COUNT, HANG_MS } from '../../../../support/fuzz.ts'
import { sampleSet } from '../../../../support/sample-set.ts'
import { sharedPath } from '../../../../support/shared-data.ts'
import { temporaryFolder } from '../../../../support/temp-folder.ts'

const folder = temporaryFolder()
const work = temporaryFolder()

interface Line {
  readonly i?: number
  readonly results?: number
  readonly errors?: number
  readonly failures?: readonly string[]
  readonly peakKb?: number
}

/** One process over a range of inputs; ends early when an input ends the process or hangs it. */
function runRange(reader: string, sample: string, from: number, to: number): Promise<Line[]> {
  const child = spawn(
    process.execPath,
    [
      '--max-old-space-size=512',
      ...childArguments('fuzz-hdf5-child.ts'),
      reader,
      sample,
      work,
      String(from),
      String(to),
    ],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  return new Promise((resolve) => {
    let text = ''
    let guard = setTimeout(() => child.kill('SIGKILL'), 6 * HANG_MS) // starting takes a while on a busy machine
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      clearTimeout(guard)
      guard = setTimeout(() => child.kill('SIGKILL'), 2 * HANG_MS)
    })
    child.on('close', () => {
      clearTimeout(guard)
      resolve(
        text
          .split('\n')
          .filter((line) => line.startsWith('{') && line.endsWith('}'))
          .map((line) => JSON.parse(line) as Line),
      )
    })
  })
}

/** All inputs; an input that killed its process is one error for the user, as in the sandbox, but is counted here. */
async function runAll(
  reader: string,
  sample: string,
  count: number,
): Promise<{ done: number; failures: string[]; killed: number[]; peakKb: number }> {
  let [done, peakKb] = [0, 0]
  const failures: string[] = []
  const killed: number[] = []
  for (let from = 0; from < count;) {
    const lines = await runRange(reader, sample, from, count)
    const inputs = lines.filter((line) => line.i !== undefined)
    done += inputs.length
    failures.push(...inputs.flatMap((line) => line.failures ?? []))
    peakKb = Math.max(peakKb, ...lines.map((line) => line.peakKb ?? 0))
    from += inputs.length
    if (from < count) killed.push(from++)
  }
  return { done: done + killed.length, failures, killed, peakKb }
}

async function samples(): Promise<Record<string, string>> {
  const at = (name: string): string => join(folder, name)
  await writeCanonical(at('canonical.h5'), sampleSet(), '2024-01-01')
  const fixed = await createHdf5(at('static.h5'))
  fixed.array('/images', Uint8Array.of(1, 2, 3, 4, 1, 2), [3, 1, 1, 2])
  fixed.array('/responses', Float32Array.of(1, 2, 3), [3, 1])
  fixed.strings('/tiers', ['train', 'test', 'train'])
  fixed.close()
  const nwb = await createHdf5(at('a.nwb'))
  nwb.attributes('/', { nwb_version: '2.6.0' })
  for (const group of [
    '/stimulus',
    '/stimulus/templates',
    '/stimulus/templates/p',
    '/intervals',
    '/intervals/trials',
    '/units',
  ])
    nwb.group(group)
  nwb.array('/stimulus/templates/p/data', Uint8Array.of(1, 2, 3, 4), [2, 1, 2])
  nwb.array('/intervals/trials/start_time', Float64Array.of(1, 2), [2])
  nwb.array('/intervals/trials/image_id', Int32Array.of(0, 1), [2])
  nwb.array('/units/spike_times', Float64Array.of(1.06, 2.1), [2])
  nwb.array('/units/spike_times_index', Int32Array.of(2), [1])
  nwb.close()
  const shared = sharedPath('data/hdf5-samples/pyfive/dataset_multidim.hdf5')
  return {
    canonical: at('canonical.h5'),
    'static-hdf5': at('static.h5'),
    nwb: at('a.nwb'),
    browse: shared ?? at('static.h5'),
  }
}

test('HDF5 readers: every damaged input gives a result or one error, and no process dies or grows', async () => {
  const readers = Object.entries(await samples())
  const outcomes = await Promise.all(
    readers.map(async ([reader, sample]) => [reader, await runAll(reader, sample, FUZZ_COUNT)] as const),
  )
  for (const [reader, { done, failures, killed, peakKb }] of outcomes) {
    expect(failures, reader).toEqual([])
    expect(killed, reader).toEqual([])
    expect(done, reader).toBe(FUZZ_COUNT)
    expect(peakKb, reader).toBeLessThan(2 ** 20)
  }
  expect(readdirSync(work)).toEqual([])
})
