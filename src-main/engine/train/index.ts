export { trainerFor } from './registry.ts'
