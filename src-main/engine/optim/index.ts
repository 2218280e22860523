export { createOptimizer } from './optimizer.ts'
export type { Optimizer, SavedOptimizer } from './optimizer.ts'
export { groupIndex, groupsOf } from './options.ts'
export type { Group, GroupOptions, OptimizerName, OptimizerSettings } from './options.ts'
