import type { Component } from '../component.ts'
import { cotrainer } from './cotrainer.ts'
import { nnvisionTrainer } from './nnvision-trainer.ts'

export const trainers: readonly Component[] = [cotrainer, nnvisionTrainer]
