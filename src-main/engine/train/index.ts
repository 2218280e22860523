export { trainerFor } from './registry.ts'
export { timeSteps } from './time-steps.ts'
export type { StepTiming } from './time-steps.ts'
