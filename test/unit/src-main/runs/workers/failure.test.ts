import { describe, expect, it } from 'vitest'
import { OUT_OF_MEMORY } from '../../../../support/fake-engine.ts'
import { crashOf, failureOf } from '../../../../../src-main/runs/workers/failure.ts'

const system = (code: string): Error => Object.assign(new Error(`${code}: write`), { code, path: '/disk/f' })

describe('failures', () => {
  it('of the disk, the data, the memory and the numbers each have their cause', () => {
    expect(failureOf(system('ENOSPC'))).toMatchObject({ code: 'disk-full', path: '/disk/f' })
    expect(failureOf(system('EROFS'))).toMatchObject({ code: 'disk-full' })
    expect(failureOf(system('ENOENT'))).toMatchObject({ code: 'data-missing' })
    expect(failureOf(new Error('Array buffer allocation failed'))).toMatchObject({ code: 'out-of-memory' })
    expect(failureOf(new Error('the loss is NaN'))).toMatchObject({ code: 'non-finite' })
  })

  it('of a killed worker speak of memory, because Linux kills for it', () => {
    expect(crashOf(null, 'SIGKILL', '').hint).toContain('memory')
    expect(crashOf(null, 'SIGSEGV', '').hint).toContain('cotrain doctor')
    expect(crashOf(null, 'SIGILL', '').hint).toContain('the other engine')
    expect(crashOf(1, null, 'terminate called: std::bad_alloc')).toMatchObject({ code: 'out-of-memory' })
  })
})

describe('memory that ran out', () => {
  const gpu = '/job:localhost/replica:0/task:0/device:GPU:0 by allocator GPU_0_bfc'
  it.each([
    [OUT_OF_MEMORY, 'main memory ran out: there was no room for 1048576 × 1048576 float (4.0 TiB).'],
    [
      `OOM when allocating tensor with shape[64,64,224,224] and type half on ${gpu}`,
      'the memory of the card ran out: there was no room for 64 × 64 × 224 × 224 half (392 MiB).',
    ],
    ['failed to allocate memory for CUDA: CUDA_ERROR_OUT_OF_MEMORY: out of memory', 'the card'],
    ['Failed to create cuDNN handle: CUDNN_STATUS_ALLOC_FAILED', 'the card'],
    ['failed to create cublas handle: CUBLAS_STATUS_ALLOC_FAILED', 'the card'],
    ['Failed copying input tensor from CPU:0 to GPU:0: Dst tensor is not initialized.', 'the card'],
    ['memory access out of bounds', 'the embedded engine ran out of memory'],
    ['Cannot enlarge memory arrays', 'the embedded engine ran out of memory'],
    [
      'Array buffer allocation failed',
      'main memory ran out. The engine said: Array buffer allocation failed',
    ],
  ])('is known by the words %j', (words, said) => {
    const { code, message, hint } = failureOf(new Error(words))
    expect(code).toBe('out-of-memory')
    expect(message).toContain(said)
    expect(hint).toContain('half the batch')
  })

  it('is known by the last words of a process that was ended for it', () => {
    const words = 'slurmstepd: error: Detected 1 oom_kill event in StepId=7.batch.'
    expect(crashOf(null, 'SIGKILL', words)).toMatchObject({ code: 'out-of-memory' })
    expect(crashOf(137, null, '')).toMatchObject({ code: 'engine-failed' })
    expect(crashOf(137, null, '').hint).toContain('memory')
  })

  it('is not what ended a process where the allocator only did without something faster', () => {
    const words =
      'Allocator (GPU_0_bfc) ran out of memory trying to allocate 2.20GiB with freed_by_count=0. ' +
      'The caller indicates that this is not a failure, but this may mean that there could be performance gains.'
    expect(crashOf(null, 'SIGSEGV', words)).toMatchObject({ code: 'engine-failed' })
  })
})
