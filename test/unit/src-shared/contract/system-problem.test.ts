import { expect, it } from 'vitest'
import { toProblems } from '../../../../src-shared/contract/errors.ts'
import { systemProblem } from '../../../../src-shared/contract/system-problem.ts'

const refused = (code: string, syscall: string, path?: string): Error =>
  Object.assign(new Error(`${code}: ${syscall}`), { code, syscall, ...(path === undefined ? {} : { path }) })

it.each(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EIO', 'ENODEV', 'ESTALE', 'EMFILE'])(
  '%s of a file is told with the file and what to do',
  (code) => {
    const [problem] = toProblems(refused(code, 'open', '/home/runs/a'))
    expect(problem).toMatchObject({ code: 'disk-full', path: '/home/runs/a' })
    expect(problem?.hint).toMatch(/\.$/)
  },
)

it('names the file of an open one, which the system does not', () => {
  expect(systemProblem(refused('EIO', 'write'), { path: '/home/queue.json' })).toMatchObject({
    path: '/home/queue.json',
    message: 'the disk cannot be read or written (EIO).',
  })
})

it('says nothing of ports, processes and missing files, which mean other things', () => {
  expect(systemProblem(refused('EACCES', 'listen'))).toBeNull()
  expect(systemProblem(refused('EPERM', 'kill'))).toBeNull()
  expect(systemProblem(refused('ENOENT', 'open', '/a'))).toBeNull()
  expect(systemProblem(new Error('no code'))).toBeNull()
})
