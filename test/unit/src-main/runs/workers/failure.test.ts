import { describe, expect, it } from 'vitest'
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
    expect(crashOf(1, null, 'terminate called: std::bad_alloc')).toMatchObject({ code: 'out-of-memory' })
  })
})
