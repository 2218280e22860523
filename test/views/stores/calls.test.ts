import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Component } from 'vue'
import { h, ref } from 'vue'
import type { Result } from '../../../src-shared/contract/contract.ts'
import { CotrainError } from '../../../src-shared/contract/errors.ts'
import { call } from '../../../src-renderer/api/client.ts'
import { useToasts } from '../../../src-renderer/stores/toasts.ts'
import { saveFile } from '../../../src-renderer/ui/use/save-file.ts'
import { useAttempt } from '../../../src-renderer/ui/use/use-attempt.ts'
import { useCall } from '../../../src-renderer/ui/use/use-call.ts'
import { useChoosePath } from '../../../src-renderer/ui/use/use-choose-path.ts'
import type { Showing } from '../../support/show.ts'
import { settled, show } from '../../support/show.ts'

/** Shows a page whose set-up is this, and gives what it gives. */
async function within<T>(setup: () => T, given: Showing = {}) {
  let made: T | undefined
  const page: Component = {
    setup: () => {
      made = setup()
      return () => h('p')
    },
  }
  const shown = await show(page, given)
  if (made === undefined) throw new Error('the page was not set up')
  return { ...shown, made }
}
const refusal = (message: string) => new CotrainError({ code: 'run-missing', message, hint: 'Look again.' })
const setOf = (id: string): Result<'runs.export'> => ({ name: id, mime: 'text/plain', text: id })

describe('an answer that a view follows', () => {
  const A = 'a'.repeat(10)
  const B = 'b'.repeat(10)

  it('is asked again when the question changes, not when it stays the same', async () => {
    const id = ref(A)
    const { made, paramsOf } = await within(
      () => useCall('runs.export', () => ({ id: id.value, what: 'config' })),
      { answers: { 'runs.export': (p) => setOf(p.id) } },
    )
    expect(made.data.value?.name).toBe(A)
    expect(made.isLoading.value).toBe(false)
    id.value = B
    await settled()
    id.value = `${B}`
    await settled()
    expect(made.data.value?.name).toBe(B)
    expect(paramsOf('runs.export').map((p) => p.id)).toEqual([A, B])
  })

  it('is dropped when a newer question was asked meanwhile', async () => {
    const id = ref(A)
    const late = new Map<string, () => void>()
    const { made } = await within(() => useCall('runs.export', () => ({ id: id.value, what: 'config' })), {
      answers: {
        'runs.export': (p) => new Promise((done) => late.set(p.id, () => done(setOf(p.id)))),
      },
    })
    expect(made.isLoading.value).toBe(true)
    id.value = B
    await settled()
    late.get(B)?.()
    await settled()
    late.get(A)?.()
    await settled()
    expect(made.data.value?.name).toBe(B)
    expect(made.isLoading.value).toBe(false)
  })

  it('is not asked for without a question, and goes with it', async () => {
    const id = ref<string | null>(null)
    const { made, paramsOf } = await within(
      () => useCall('runs.export', () => (id.value === null ? null : { id: id.value, what: 'config' })),
      { answers: { 'runs.export': (p) => setOf(p.id) } },
    )
    expect(paramsOf('runs.export')).toEqual([])
    id.value = A
    await settled()
    expect(made.data.value?.name).toBe(A)
    id.value = null
    await settled()
    expect(made.data.value).toBeNull()
  })

  it('no longer says that it is loading when the question is taken back', async () => {
    const id = ref<string | null>(A)
    const { made } = await within(
      () => useCall('runs.export', () => (id.value === null ? null : { id: id.value, what: 'config' })),
      { answers: { 'runs.export': () => new Promise(() => undefined) } },
    )
    expect(made.isLoading.value).toBe(true)
    id.value = null
    await settled()
    expect(made.isLoading.value).toBe(false)
  })

  it('that is refused leaves the last one in sight, and the reason until it works again', async () => {
    let isDown = false
    const { made } = await within(() => useCall('runs.export', () => ({ id: A, what: 'config' })), {
      answers: {
        'runs.export': (p) => {
          if (isDown) throw refusal('It is gone.')
          return setOf(p.id)
        },
      },
    })
    isDown = true
    await made.reload()
    expect(made.problems.value).toEqual([
      { code: 'run-missing', message: 'It is gone.', hint: 'Look again.' },
    ])
    expect(made.data.value?.name).toBe(A)
    expect(made.isLoading.value).toBe(false)
    isDown = false
    await made.reload()
    expect(made.problems.value).toEqual([])
  })
})

describe('work that a person starts', () => {
  it('is under way once at a time', async () => {
    const { made } = await within(useAttempt)
    let end: (() => void) | undefined
    let begun = 0
    const work = () => {
      begun++
      return new Promise<void>((done) => (end = done))
    }
    const first = made.attempt(work)
    await made.attempt(work)
    expect([begun, made.isBusy.value]).toEqual([1, true])
    end?.()
    await first
    expect(made.isBusy.value).toBe(false)
  })

  it('says why it failed until it is started again or that is forgotten', async () => {
    const { made } = await within(useAttempt, {
      answers: {
        'queue.pause': () => {
          throw refusal('No queue.')
        },
      },
    })
    await made.attempt(() => call('queue.pause', {}))
    expect(made.problems.value.map(({ message }) => message)).toEqual(['No queue.'])
    expect(made.isBusy.value).toBe(false)
    await made.attempt(() => call('queue.resume', {}))
    expect(made.problems.value).toEqual([])
    await made.attempt(() => Promise.reject(new Error('odd')))
    made.forget()
    expect(made.problems.value).toEqual([])
  })
})

describe('a path from the person', () => {
  it('is that of the dialog, or none', async () => {
    let path: string | null = '/data/x'
    const { made, paramsOf } = await within(useChoosePath, {
      answers: { 'app.choosePath': () => ({ path }) },
    })
    expect(made.hasDialog).toBe(true)
    expect(await made.choose('new-file', { title: 'Save as', suggested: 'a.yaml' })).toBe('/data/x')
    expect(paramsOf('app.choosePath')).toEqual([{ kind: 'new-file', title: 'Save as', suggested: 'a.yaml' }])
    path = null
    expect(await made.choose('file')).toBeNull()
    expect(useToasts().toasts).toEqual([])
  })

  it('is none where the dialog cannot be opened, which is said', async () => {
    const { made } = await within(useChoosePath, {
      answers: {
        'app.choosePath': () => {
          throw refusal('No dialog.')
        },
      },
    })
    expect(await made.choose('folder')).toBeNull()
    expect(useToasts().toasts.map(({ text, hint }) => [text, hint])).toEqual([['No dialog.', 'Look again.']])
  })

  it('is that of each dropped file', async () => {
    const { made } = await within(useChoosePath)
    const files = [new File([], 'a.npz'), new File([], 'b.mat')]
    const drop = new DragEvent('drop')
    expect(await made.pathsOfDrop(drop)).toEqual([])
    Object.defineProperty(drop, 'dataTransfer', { value: { files } })
    expect(await made.pathsOfDrop(drop)).toEqual(['/dropped/a.npz', '/dropped/b.mat'])
  })
})

describe('a file that is saved', () => {
  afterEach(() => {
    vi.useRealTimers()
    vi.restoreAllMocks()
  })

  it('goes to the download under its name, and its memory is given back', () => {
    vi.useFakeTimers()
    const clicked: (readonly [href: string, name: string])[] = []
    vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:one')
    const revoked = vi.spyOn(URL, 'revokeObjectURL').mockImplementation(() => undefined)
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      clicked.push([this.href, this.download])
    })
    saveFile('runs.csv', new Blob(['a,b']))
    expect(clicked).toEqual([['blob:one', 'runs.csv']])
    expect(revoked).not.toHaveBeenCalled()
    vi.runAllTimers()
    expect(revoked).toHaveBeenCalledWith('blob:one')
  })
})
