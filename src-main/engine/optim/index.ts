export { createOptimizer } from './optimizer.ts'
export type { Optimizer } from './optimizer.ts'
export { groupIndex, groupsOf } from './options.ts'
export type { OptimizerName, OptimizerSettings } from './options.ts'
