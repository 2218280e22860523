import type { Result } from '../../../../src-shared/contract/contract.ts'

type By = NonNullable<Result<'data.get'>['choices']>[number]['by']

/** Why an import read a file as it did, in words. */
export const DECIDED: Readonly<Record<By, string>> = {
  option: 'as you said',
  file: 'the file says so',
  fit: 'nothing else fits',
  usual: 'as usual',
}
