import { defineStore } from 'pinia'
import { ref } from 'vue'
import type { ParamsIn, Result } from '../../src-shared/contract/contract.ts'
import type { Problem } from '../../src-shared/contract/errors.ts'
import { call, listen } from '../api/client.ts'
import { problemsIn } from '../api/transport.ts'

type Request = Omit<ParamsIn<'runs.analyse'>, 'job'>

/** An analysis under way, or how the last one of a run ended. */
export interface AnalysisJob {
  readonly what: Request['what']
  readonly isBusy: boolean
  readonly fraction: number | null
  readonly problems: readonly Problem[]
}

/** Analyses by run: they go on while another part of the run is looked at. */
export const useAnalysisJobs = defineStore('analysis-jobs', () => {
  const jobs = ref<Readonly<Record<string, AnalysisJob>>>({})
  // Names of work are at most as long as an id.
  const nameOf = (id: string): string => `analysis ${id.slice(0, 40)}`
  const change = (id: string, part: Partial<AnalysisJob>): void => {
    const known = jobs.value[id]
    if (known !== undefined) jobs.value = { ...jobs.value, [id]: { ...known, ...part } }
  }

  /** What it found; null where it was called off or failed, which the job then says. */
  async function start(request: Request): Promise<Result<'runs.analyse'> | null> {
    const { id, what } = request
    if (jobs.value[id]?.isBusy === true) return null
    jobs.value = { ...jobs.value, [id]: { what, isBusy: true, fraction: null, problems: [] } }
    const end = listen('data.progress', ({ job, fraction }) => {
      if (job === nameOf(id)) change(id, { fraction })
    })
    try {
      return await call('runs.analyse', { ...request, job: nameOf(id) })
    } catch (error) {
      change(id, { problems: problemsIn(error).filter(({ code }) => code !== 'cancelled') })
      return null
    } finally {
      end()
      change(id, { isBusy: false })
    }
  }

  const cancel = (id: string): void => void call('data.cancel', { job: nameOf(id) }).catch(() => undefined)
  return { jobs, start, cancel }
})
