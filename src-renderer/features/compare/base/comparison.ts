import type { Result } from '../../../../src-shared/contract/contract.ts'

/** What the service says about a set of runs. */
export type Comparison = Result<'compare.table'>

/** Rows of the table: single runs, or settings over their seeds. */
export type Grouping = 'runs' | 'seeds'
