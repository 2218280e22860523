import { CotrainError } from '../../src-shared/contract/errors.ts'
import type { DataFeature, DemoFeature } from '../service/parts.ts'

const absent = (what: string) => (): Promise<never> =>
  Promise.reject(new CotrainError({ code: 'not-found', message: `${what} is not part of this version.` }))

export const demoFeature: DemoFeature = { start: absent('The demo') }

export const dataFeature: DataFeature = {
  list: () => Promise.resolve([]),
  inspect: absent('Inspecting data'),
  add: absent('Adding data'),
  get: absent('The data set'),
  check: absent('The data set'),
  preview: absent('The data set'),
  remove: absent('The data set'),
}
