import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readSafetensors, writeSafetensors } from '../../../src-main/io/formats/tensors/safetensors.ts'
import type { NamedArray } from '../../../src-main/engine/types.ts'
import { differing } from '../../support/small-training.ts'
import { temporaryFolder } from '../../support/temp-folder.ts'

const folder = temporaryFolder()
const SCRIPT = join(import.meta.dirname, '../../../scripts/convert-weights.py')
const hasPython = spawnSync('python3', ['--version']).status === 0
if (!hasPython) console.log('skips: there is no python3 to convert weights with')

const at = (name: string): string => join(folder, name)

function convert(...args: string[]): { status: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync('python3', [SCRIPT, '--no-torch', ...args], {
    encoding: 'utf8',
  })
  return { status, text: stdout + stderr }
}

const python = (code: string): string => execFileSync('python3', ['-c', code, SCRIPT], { encoding: 'utf8' })

const float = (shape: readonly number[]): NamedArray => ({
  shape,
  dtype: 'float32',
  data: Float32Array.from({ length: shape.reduce((n, k) => n * k, 1) }, (_, i) =>
    Math.fround(Math.sin(i + 0.5)),
  ),
})

const WEIGHTS = new Map<string, NamedArray>([
  ['features.0.weight', float([4, 3, 3, 3])],
  ['features.1.num_batches_tracked', { shape: [], dtype: 'int32', data: Int32Array.of(7) }],
  ['mask', { shape: [5], dtype: 'uint8', data: Uint8Array.of(1, 0, 1, 1, 0) }],
  ['empty', float([0, 2])],
])

describe.skipIf(!hasPython)('conversion of weights without PyTorch', () => {
  it('comes back bit for bit through a PyTorch archive', async () => {
    await writeSafetensors(at('a.safetensors'), WEIGHTS)
    expect(convert(at('a.safetensors'), at('a.pth'))).toMatchObject({ status: 0 })
    expect(convert(at('a.pth'), at('b.safetensors'))).toMatchObject({ status: 0 })
    const back = readSafetensors(at('b.safetensors'))
    expect(differing(back.arrays, WEIGHTS)).toEqual([])
    expect(back.metadata).toEqual({ format: 'pt' })
    for (const [name, { shape }] of WEIGHTS) expect(back.arrays.get(name)?.shape).toEqual(shape)
  })

  it('writes the archive that torch.save writes: names of classes, storages and order', () => {
    const listing = python(
      `import pickletools, sys, zipfile, io
z = zipfile.ZipFile(${JSON.stringify(at('a.pth'))})
print(sorted(z.namelist()))
print([arg for op, arg, _ in pickletools.genops(z.read('archive/data.pkl')) if op.name == 'GLOBAL'])`,
    )
    expect(listing).toContain('archive/data.pkl')
    expect(listing).toContain("'torch._utils _rebuild_tensor_v2'")
    expect(listing).toContain("'torch FloatStorage'")
    expect(listing).toContain("'collections OrderedDict'")
  })

  it('reads views, shared storages, nested checkpoints and the format before PyTorch 1.6', () => {
    python(LEGACY.replace('TARGET', JSON.stringify(at('old.pth'))))
    const { status, text } = convert(at('old.pth'), at('old.safetensors'))
    expect(text).toContain('left out, not a tensor: epoch')
    expect(status).toBe(0)
    const { arrays } = readSafetensors(at('old.safetensors'))
    expect([...(arrays.get('plain')?.data ?? [])]).toEqual([0, 1, 2, 3, 4, 5])
    expect([...(arrays.get('turned')?.data ?? [])]).toEqual([0, 3, 1, 4, 2, 5])
    expect(arrays.get('turned')?.shape).toEqual([3, 2])
    expect([...(arrays.get('tail')?.data ?? [])]).toEqual([4, 5])
  })

  it('reads pickled dicts of numpy arrays', () => {
    const made = spawnSync('python3', [
      '-c',
      `import numpy as np, pickle
d = {'net': {'a': np.arange(6, dtype='f4').reshape(2, 3), 'f': np.asfortranarray(np.arange(6, dtype='f8').reshape(2, 3)), 's': np.float32(2.5)}}
pickle.dump(d, open(${JSON.stringify(at('n.pickle'))}, 'wb'))`,
    ])
    if (made.status !== 0) return console.log('skips: there is no numpy')
    expect(convert(at('n.pickle'), at('n.safetensors'))).toMatchObject({ status: 0 })
    const { arrays } = readSafetensors(at('n.safetensors'))
    expect([...(arrays.get('a')?.data ?? [])]).toEqual([0, 1, 2, 3, 4, 5])
    expect([...(arrays.get('f')?.data ?? [])]).toEqual([0, 1, 2, 3, 4, 5])
    expect([...(arrays.get('s')?.data ?? [])]).toEqual([2.5])
  })

  it('never runs what a file asks for', () => {
    const mark = at('was-run')
    python(
      `import pickle, os
class Evil:
    def __reduce__(self): return (os.system, ('touch ${mark}',))
pickle.dump({'w': Evil()}, open(${JSON.stringify(at('evil.pth'))}, 'wb'))`,
    )
    const { status, text } = convert(at('evil.pth'), at('evil.safetensors'))
    expect(status).toBe(1)
    expect(text).toMatch(/wants to run (posix|os|nt)\.system/)
    expect(existsSync(mark)).toBe(false)
    expect(existsSync(at('evil.safetensors'))).toBe(false)
  })

  it('says what is wrong and leaves no half file', () => {
    writeFileSync(at('noise.pth'), readFileSync(at('a.pth')).subarray(0, 200))
    expect(convert(at('noise.pth'), at('noise.safetensors')).status).toBe(1)
    expect(existsSync(at('noise.safetensors'))).toBe(false)
    const { text } = convert(at('old.pth'), at('x.safetensors'), '--key', 'nothing')
    expect(text).toContain('there is no "nothing"; found: epoch, state_dict')
  })
})

/** A checkpoint as torch.save wrote it before version 1.6, made with the names of torch's classes only. */
const LEGACY = `
import collections, pickle, struct, sys, types
torch, utils = types.ModuleType('torch'), types.ModuleType('torch._utils')
torch.FloatStorage = type('FloatStorage', (), {'__module__': 'torch'})
utils._rebuild_tensor_v2 = type('_rebuild_tensor_v2', (), {'__module__': 'torch._utils'})
sys.modules.update({'torch': torch, 'torch._utils': utils})
class Storage: pass
class View:
    def __init__(self, *parts): self.parts = parts
    def __reduce__(self): return (utils._rebuild_tensor_v2, (store, *self.parts, False, collections.OrderedDict()))
store = Storage()
class P(pickle.Pickler):
    def persistent_id(self, v): return ('storage', torch.FloatStorage, '94', 'cpu', 6, None) if v is store else None
with open(TARGET, 'wb') as f:
    for v in (0x1950A86A20F9469CFC6C, 1001, {'protocol_version': 1001, 'little_endian': True}):
        pickle.dump(v, f, protocol=2)
    state = collections.OrderedDict(plain=View(0, (2, 3), (3, 1)), turned=View(0, (3, 2), (1, 3)), tail=View(4, (2,), (1,)))
    P(f, protocol=2).dump({'epoch': 3, 'state_dict': collections.OrderedDict(state, epoch=3)})
    pickle.dump(['94'], f, protocol=2)
    f.write(struct.pack('<q', 6) + struct.pack('<6f', *range(6)))
`
