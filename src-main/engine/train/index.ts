export { rulesOf, train } from './registry.ts'
export { namingProblems } from './rules/named-parts.ts'
export { timeSteps } from './time-steps.ts'
export type { StepTiming } from './time-steps.ts'
export { UNFINISHED } from './unfinished.ts'
export {
  sharePlan,
  shareText,
  sizesOf,
  trainingShare,
  untrainedParts,
  untrainedProblem,
} from './training-share.ts'
export type { DataSizes, ShareRow } from './training-share.ts'
