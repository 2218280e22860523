import type { Component } from '../component.ts'
import { classificationCnn } from './classification-cnn.ts'
import { mtlVgg } from './mtl-vgg.ts'

export const models: readonly Component[] = [mtlVgg, classificationCnn] as unknown as readonly Component[] // each keeps its own field types
