import * as hands from './hands.ts'
import { list } from './list.ts'
import { quietMs, shown, startCounting } from './shown.ts'

/** What the walk calls within the page. */
const pageSide = { ...hands, list, quietMs, shown }
export type PageSide = typeof pageSide

startCounting()
;(globalThis as { pageSide?: PageSide }).pageSide = pageSide
